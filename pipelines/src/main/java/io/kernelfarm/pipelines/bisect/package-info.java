/** Finds the first bad one of many kernels, with as few of them tested as can be. Knows neither git nor boots. */
package io.kernelfarm.pipelines.bisect;
