/**
 * Space-time diagrams, as SVG and as a page to explore.
 *
 * <p>The model of a diagram, its layout and its pictures. The script of the page is among the resources. Start at
 * {@link io.orrery.report.diagram.Diagram} and {@link io.orrery.report.diagram.DiagramBuilder}.
 */
package io.orrery.report.diagram;
