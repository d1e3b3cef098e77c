/**
 * The server behind {@code reports}, which shows kept runs in a browser.
 *
 * <p>Only reads what {@code report.export} has written. Start at {@link io.orrery.report.served.ReportServer}.
 */
package io.orrery.report.served;
