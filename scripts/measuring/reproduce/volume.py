"""How well scores tell anomalous stretches of a series: the volume under the precision-recall surface, VUS-PR
(Paparrizos et al. 2022, "Volume under the surface").

Around each stretch lies a buffer in which an alarm is partly right: a step at the distance t from it counts
sqrt(1 - t / w), up to the distance w / 2. The area under precision and recall is found for each width w from 0 to the
largest, and VUS-PR is the mean of them. It is theirs number by number: their program `vus` has the same thresholds.
"""

import bisect
import itertools
import statistics

LEVELS = 250  # thresholds, at the same distance in rank


def volume_under_pr(scores, is_anomaly, widest):
    """`scores`, which grow with strangeness, and `is_anomaly` have an entry a step; `widest` is the largest w."""
    alarms = Alarms(scores)
    stretches = stretches_of(is_anomaly)
    return statistics.mean(area_under_pr(alarms, stretches, width) for width in range(widest + 1))


class Alarms:
    """Which steps have a score of at least each of the thresholds, which fall."""

    def __init__(self, scores):
        scores = [float(score) for score in scores]
        falling = sorted(scores, reverse=True)
        last = len(scores) - 1
        thresholds = [-falling[int(level * last / (LEVELS - 1))] for level in range(LEVELS)]
        self.first = [bisect.bisect_left(thresholds, -score) for score in scores]  # threshold that calls a step
        self.called = self.counted((step, 1) for step in range(len(scores)))

    def counted(self, weights):
        """What is called at each threshold, of pairs of step and weight."""
        return self.accumulated((self.first[step], weight) for step, weight in weights)

    def reached(self, ranges):
        """How many of the ranges, pairs of first and last step, hold a step that is called, at each threshold."""
        return self.accumulated((min(self.first[start:end + 1]), 1) for start, end in ranges)

    @staticmethod
    def accumulated(entries):
        sums = [0] * LEVELS
        for level, weight in entries:
            sums[level] += weight
        return list(itertools.accumulate(sums))


def area_under_pr(alarms, stretches, width):
    """With buffers of one width. Recall takes a stretch for whole where anything of it and its buffer is called; what
    there is to find are the anomalous steps and half of what the buffers that are called count."""
    steps = len(alarms.first)
    inside = {step for start, end in stretches for step in range(start, end + 1)}
    ranges = merged(stretches, width // 2, steps)
    hits = alarms.counted((step, 1) for step in inside)
    near = alarms.counted(buffer_weights(stretches, inside, width, steps).items())
    reached = alarms.reached(ranges)
    area = recall_before = 0
    for hit, close, found, called in zip(hits, near, reached, alarms.called):
        recall = min((hit + close) / (len(inside) + close / 2), 1) * found / len(ranges)
        area += (recall - recall_before) * (hit + close) / called
        recall_before = recall
    return area


def buffer_weights(stretches, inside, width, steps):
    """What each step outside the stretches counts, at most 1."""
    weights = {}
    for start, end in stretches:
        for distance in range(1, width // 2 + 1):
            for step in (start - distance, end + distance):
                if 0 <= step < steps and step not in inside:
                    weights[step] = min(1, weights.get(step, 0) + (1 - distance / width) ** 0.5)
    return weights


def merged(stretches, margin, steps):
    """The stretches with a margin at both ends, those that then touch as one."""
    ranges = []
    for start, end in stretches:
        first, last = max(start - margin, 0), min(end + margin, steps - 1)
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return ranges


def stretches_of(is_anomaly):
    """First and last step of each run of anomalous steps."""
    groups = itertools.groupby(enumerate(is_anomaly), key=lambda pair: bool(pair[1]))
    runs = [[step for step, _ in group] for anomalous, group in groups if anomalous]
    return [(run[0], run[-1]) for run in runs]
