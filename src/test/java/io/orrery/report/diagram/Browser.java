package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.Interaction;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.interactions.WheelInput;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, in which pages are looked at and touched as people do. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Says of every Chromium that it is too new for tools that are not used here. Kept: loggers are forgotten. */
    private static final Logger TOOLS = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts one; where there is none, the test is skipped.
     *
     * @param profile an empty directory, for all that it writes
     */
    static Browser start(Path profile) {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "there is no " + CHROMIUM + " or no " + DRIVER
                        + ": install Debian's packages chromium and chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--window-size=1400,1000");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        // With both paths given, nothing is looked for or downloaded.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withTimeout(PATIENCE)
                .build();
        TOOLS.setLevel(Level.SEVERE);
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
        driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
        return new Browser(driver);
    }

    /** Shows a page that is in a file, and waits until it has been drawn. */
    void open(Path file) {
        complaints();
        driver.get(file.toUri().toString());
        awaitFrame();
    }

    /** Waits until what has changed is on the screen. */
    private void awaitFrame() {
        driver.executeAsyncScript(
                "const done = arguments[0];" + "requestAnimationFrame(() => requestAnimationFrame(() => done()));");
    }

    /** The value of an expression in the page. */
    Object eval(String expression, Object... arguments) {
        return driver.executeScript("return " + expression, arguments);
    }

    long number(String expression, Object... arguments) {
        return ((Number) eval(expression, arguments)).longValue();
    }

    /** All numbers of an iterable, in ascending order. */
    List<Integer> numbers(String expression) {
        List<?> found = (List<?>) eval("[..." + expression + "]");
        return found.stream().map(it -> ((Number) it).intValue()).sorted().toList();
    }

    void press(CharSequence key) {
        new Actions(driver).sendKeys(key).perform();
        awaitFrame();
    }

    /** Moves the mouse to a place on an element, from its left upper corner. */
    void hover(String id, long x, long y) {
        at(id, x, y).perform();
        awaitFrame();
    }

    void click(String id, long x, long y) {
        at(id, x, y).click().perform();
        awaitFrame();
    }

    /** Moves the mouse with a button held down. */
    void drag(String id, long x, long y, int by, PointerInput.MouseButton button) {
        at(id, x, y).perform();
        PointerInput mouse = new PointerInput(PointerInput.Kind.MOUSE, "dragging");
        Sequence sequence = new Sequence(mouse, 0)
                .addAction(to(mouse, id, x, y))
                .addAction(mouse.createPointerDown(button.asArg()))
                .addAction(to(mouse, id, x + by, y))
                .addAction(mouse.createPointerUp(button.asArg()));
        driver.perform(List.of(sequence));
        awaitFrame();
    }

    private Interaction to(PointerInput mouse, String id, long x, long y) {
        WebElement element = driver.findElement(By.id(id));
        return mouse.createPointerMove(
                Duration.ZERO,
                PointerInput.Origin.fromElement(element),
                (int) x - element.getSize().width / 2,
                (int) y - element.getSize().height / 2);
    }

    /** Turns the wheel at a place of an element. */
    void wheel(String id, long x, long y, int by, boolean shift) {
        WebElement element = driver.findElement(By.id(id));
        WheelInput.ScrollOrigin origin = WheelInput.ScrollOrigin.fromElement(
                element, (int) x - element.getSize().width / 2, (int) y - element.getSize().height / 2);
        Actions actions = new Actions(driver);
        if (shift) {
            actions.keyDown(Keys.SHIFT);
        }
        actions.scrollFromOrigin(origin, 0, by);
        if (shift) {
            actions.keyUp(Keys.SHIFT);
        }
        actions.perform();
        awaitFrame();
    }

    private Actions at(String id, long x, long y) {
        WebElement element = driver.findElement(By.id(id));
        // Selenium counts from the middle of the element.
        int left = element.getSize().width / 2;
        int top = element.getSize().height / 2;
        return new Actions(driver).moveToElement(element, (int) x - left, (int) y - top);
    }

    void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
        awaitFrame();
    }

    String text(String id) {
        return driver.findElement(By.id(id)).getText();
    }

    boolean isShown(String id) {
        return driver.findElement(By.id(id)).isDisplayed();
    }

    /** What the page has complained of since it was opened, or since this was last asked. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                // A test that waits until all has been drawn reads it back often.
                .filter(message -> !message.contains("willReadFrequently"))
                .toList();
    }

    /** How long the page has kept its thread busy until now, in milliseconds; the time of others is not counted. */
    double busyMillis() {
        List<?> metrics = (List<?>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        return metrics.stream()
                .map(it -> (Map<?, ?>) it)
                .filter(it -> it.get("name").equals("TaskDuration"))
                .mapToDouble(it -> ((Number) it.get("value")).doubleValue() * 1000)
                .findFirst()
                .orElseThrow();
    }

    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
