/** Looks for what goes wrong by itself: see the sub-packages. */
package io.orrery.explore;
