"use strict";
/* Median and 90th percentile of a way whose waits are independent: graph/distributions.py and analyses/route.py. */
(function () {
  const Z90 = 1.2815515655446004;
  const STEP = 0.5; /* days: the grid of the convolution */
  const FAR = 3.72; /* standard deviations: the 99.99th percentile */

  /* The standard normal distribution: a series near the middle, a continued fraction in the tails. */
  function normal(x) {
    if (x === -Infinity) return 0;
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI), far = Math.abs(x);
    if (far < 4) {
      let term = x, total = x;
      for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(total); n += 2) total += term *= (x * x) / n;
      return 0.5 + density * total;
    }
    let tail = far;
    for (let n = 60; n > 0; n--) tail = far + n / tail;
    return x < 0 ? density / tail : 1 - density / tail;
  }

  function convolved(parts) {
    let total = [1], offset = 0;
    for (const [median, p90] of parts) {
      const sigma = Math.log(p90 / median) / Z90;
      if (sigma === 0) {
        offset += median;
        continue;
      }
      const edges = Array.from({ length: Math.ceil((median * Math.exp(FAR * sigma)) / STEP) + 2 }, (_, i) => i * STEP);
      const below = edges.map((edge) => normal((Math.log(edge) - Math.log(median)) / sigma));
      const next = new Float64Array(total.length + below.length - 2);
      total.forEach((weight, i) => {
        for (let j = 1; j < below.length; j++) next[i + j - 1] += weight * (below[j] - below[j - 1]);
      });
      total = next;
      offset += STEP / 2;
    }
    const all = total.reduce((sum, n) => sum + n, 0);
    let heaped = 0;
    const sums = Array.from(total, (n) => (heaped += n) / all);
    return [0.5, 0.9].map((q) => offset + sums.findIndex((n) => n >= q) * STEP);
  }

  /** Median and 90th percentile (days) of legs; null where some wait that is not nothing is known as no distribution. */
  rk.quantiles = function (legs) {
    const waits = legs.flatMap((leg) => [leg.wait, leg.decision]).filter(Boolean);
    const spread = waits.filter((w) => w.median !== null && w.p90 !== null);
    const unsure = (w) => w.median === null && (w.assumed || w.closed || w.expected !== 0);
    if (!spread.length || waits.some(unsure)) return [null, null];
    const fixed = legs.reduce((days, leg) => days + (leg.hop ? leg.hop.handover : 0), 0);
    const [median, p90] = spread.length === 1 ? [spread[0].median, spread[0].p90] : convolved(spread.map((w) => [w.median, w.p90]));
    return [median + fixed, p90 + fixed];
  };
})();
