package io.orrery.model;

import java.util.concurrent.CompletionException;

/** What is done with the failures of stages. */
public final class Failures {
    private Failures() {}

    /** What a stage failed with, without the {@link CompletionException} that the stages after it put around it. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
