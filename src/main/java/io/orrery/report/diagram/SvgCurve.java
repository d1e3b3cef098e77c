package io.orrery.report.diagram;

import java.util.List;

/** How something grew, as one self-contained SVG. */
public final class SvgCurve {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 360;
    private static final double LEFT = 80;
    private static final double RIGHT = 24;
    private static final double TOP = 48;
    private static final double BOTTOM = 48;
    private static final double SIZE = 13;
    private static final int TICKS = 4;

    private SvgCurve() {}

    /** A point of it. */
    public record Point(long x, long y) {}

    /**
     * The picture; a dashed line shows where each x would bring a y.
     *
     * @param points in the order of x, with neither below 0
     */
    public static String of(String title, String xName, String yName, List<Point> points) {
        long most = Math.max(
                1,
                points.stream()
                        .mapToLong(point -> Math.max(point.x(), point.y()))
                        .max()
                        .orElse(1));
        long farthest = Math.max(1, points.stream().mapToLong(Point::x).max().orElse(1));
        double xScale = (WIDTH - LEFT - RIGHT) / farthest;
        double yScale = (HEIGHT - TOP - BOTTOM) / most;
        double bottom = HEIGHT - BOTTOM;
        Svg svg = new Svg()
                .raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + Svg.number(WIDTH) + " "
                        + Svg.number(HEIGHT) + "\" width=\"" + Svg.number(WIDTH) + "\" height=\"" + Svg.number(HEIGHT)
                        + "\" font-family=\"sans-serif\">")
                .raw(SvgStyle.DEFINITIONS)
                .rect("page", 0, 0, WIDTH, HEIGHT, 0)
                .text("title", SIZE + 2, LEFT, TOP - 22, title)
                .text("quiet", SIZE, LEFT, HEIGHT - 10, xName + " →")
                .text("quiet", SIZE, 8, TOP - 6, "↑ " + yName)
                .line("axis", LEFT, bottom, WIDTH - RIGHT, bottom)
                .line("axis", LEFT, TOP, LEFT, bottom);
        for (int i = 1; i <= TICKS; i++) {
            long x = farthest * i / TICKS;
            long y = most * i / TICKS;
            svg.text("quiet", SIZE - 2, LEFT + x * xScale - 14, bottom + 16, "" + x);
            svg.text("quiet", SIZE - 2, 8, bottom - y * yScale + 4, "" + y);
        }
        svg.line("ask", LEFT, bottom, LEFT + farthest * xScale, bottom - farthest * yScale);
        double x = LEFT;
        double y = bottom;
        for (Point point : points) {
            double nextX = LEFT + point.x() * xScale;
            double nextY = bottom - point.y() * yScale;
            svg.line("message", x, y, nextX, nextY);
            x = nextX;
            y = nextY;
        }
        return svg.raw("</svg>").toString();
    }
}
