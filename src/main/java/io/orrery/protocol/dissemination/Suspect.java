package io.orrery.protocol.dissemination;

import io.orrery.model.Origin;

/**
 * A sign that something is missing: a gap, or a write that is held back.
 *
 * @param origin who should know more
 * @param mark tells this sign from others of the origin
 */
record Suspect(Origin origin, long mark) {}
