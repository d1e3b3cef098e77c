/**
 * Exhaustive exploration of small programs: every order in which events reach their receivers, each class of orders that
 * nobody can tell apart once.
 */
package io.orrery.explore.exhaustive;
