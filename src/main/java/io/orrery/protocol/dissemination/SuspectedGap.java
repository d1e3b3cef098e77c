package io.orrery.protocol.dissemination;

import io.orrery.model.Origin;

/**
 * A sign that a write is missing: a gap, or a buffered write.
 *
 * @param origin whose writes are missing
 * @param mark tells this sign from others of the origin
 */
record SuspectedGap(Origin origin, long mark) {}
