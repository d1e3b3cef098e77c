/**
 * Messages and journal entries as bytes: CBOR with names from a closed set.
 *
 * <p>Encodings that both the wire and the disk use. Frames are in {@code cluster}, records in {@code journal}. Start
 * at {@link io.orrery.codec.Codec}.
 */
package io.orrery.codec;
