/** The experiments of the course labs: what each level of consistency costs, in tables and in pictures. */
package io.orrery.bench.experiment;
