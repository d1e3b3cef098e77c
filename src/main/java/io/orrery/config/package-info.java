/**
 * HOCON files read strictly: an error has file, line and what would be right.
 *
 * <p>What all file formats share. What a key of a certain file means belongs to the package of that file. Start at
 * {@link io.orrery.config.ConfigReader}.
 */
package io.orrery.config;
