/** Sources, builders, stages and the farm command. A reader enters at {@code FarmRun.execute}. */
package io.kernelfarm.pipelines;
