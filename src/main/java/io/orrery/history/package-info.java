/**
 * What clients invoked and what came back: events, the operations they pair up to, and the files that hold them (JSON
 * lines and Jepsen's EDN).
 */
package io.orrery.history;
