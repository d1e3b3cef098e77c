/** Measures the checkers on histories that are made for it. */
package io.orrery.check.bench;
