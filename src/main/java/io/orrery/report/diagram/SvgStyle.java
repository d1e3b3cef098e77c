package io.orrery.report.diagram;

/** The styles of a picture. */
final class SvgStyle {
    /** The picture has a light background, so that it is readable on a dark page. */
    static final String DEFINITIONS = """
            <style>
            .page { fill: #fdfdfb; stroke: #d6d6d0; }
            .title { fill: #111827; font-weight: bold; }
            .words, .name { fill: #1f2937; }
            .name { font-weight: bold; }
            .client { fill: #374151; font-style: italic; }
            .quiet, .clock { fill: #4b5563; }
            .replica-line { stroke: #1f2937; stroke-width: 1.6; }
            .client-line { stroke: #b6bcc6; stroke-width: 1; }
            .axis { stroke: #6b7280; stroke-width: 1; fill: none; }
            .ask { stroke: #9ca3af; stroke-width: 1; stroke-dasharray: 1.5 2.5; }
            .message { stroke: #1d4ed8; stroke-width: 1.5; }
            .talk { stroke: #9aa3b2; stroke-width: 1; }
            .lost { stroke: #b91c1c; stroke-width: 1.4; stroke-dasharray: 5 3; }
            .cross { stroke: #b91c1c; stroke-width: 2; fill: none; }
            .label, .operation-label, .fault-label, .wait-label, .ending-label, .clock { stroke: #fdfdfb; stroke-width: 6; paint-order: stroke; stroke-linejoin: round; }
            .operation-label { fill: #1f2937; }
            .label { fill: #1e3a8a; }
            .talk-label { fill: #5b6472; }
            .lost-label { fill: #991b1b; }
            .wait { fill: url(#hatch); stroke: #92400e; stroke-width: 1; }
            .wait-label { fill: #78350f; }
            .applied { fill: #111827; }
            .held { fill: #fdfdfb; stroke: #92400e; stroke-width: 2; }
            .superseded { fill: #fdfdfb; stroke: #111827; stroke-width: 1.4; }
            .down { fill: #fdfdfb; stroke: #b91c1c; stroke-width: 1; stroke-dasharray: 3 3; }
            .paused { fill: #e5e7eb; stroke: #4b5563; stroke-width: 1; }
            .write { fill: #0f766e; stroke: #0f4f4a; }
            .read { fill: #fdfdfb; stroke: #0f766e; stroke-width: 1.6; }
            .unknown { fill: #fdfdfb; stroke: #6b7280; stroke-width: 1.4; stroke-dasharray: 3 2; }
            .witness { fill: none; stroke: #be123c; stroke-width: 2.4; }
            .link { fill: none; stroke: #be123c; stroke-width: 1.6; stroke-opacity: 0.75; }
            .number { fill: #be123c; }
            .number-text { fill: #ffffff; font-weight: bold; }
            .ending-label { fill: #9f1239; font-weight: bold; }
            .apart { fill: #f3d9a4; fill-opacity: 0.35; }
            .fault { stroke: #b45309; stroke-width: 1.2; stroke-dasharray: 6 3; }
            .fault-label { fill: #7c2d12; }
            .page-gap { fill: #fdfdfb; }
            </style>
            <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill="#fff7e6"/><line x1="0" y1="0" x2="0" y2="6" stroke="#b45309" stroke-width="2"/></pattern>
            <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="#1d4ed8"/></marker>
            <marker id="talk-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="#9aa3b2"/></marker>
            <marker id="link-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="#be123c"/></marker>
            </defs>""";

    private SvgStyle() {}
}
