/**
 * Space-time diagrams: a run's events are made the parts of a {@link io.orrery.report.diagram.Diagram}, a layout gives
 * them places, and they become a picture or a page to look around in. The page's own files are among the resources.
 */
package io.orrery.report.diagram;
