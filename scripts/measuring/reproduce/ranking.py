"""How well scores tell anomalies from what is normal; scores grow with strangeness."""

import itertools


def falling(scores, is_anomaly):
    """(anomalies, others) by each value of the score, from the largest on: what has the same one stands together."""
    pairs = sorted(zip(map(float, scores), map(bool, is_anomaly)), key=lambda pair: -pair[0])
    for _, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
        labels = [label for _, label in group]
        yield sum(labels), len(labels) - sum(labels)


def area_under_roc(scores, is_anomaly):
    """The chance that an anomaly's score is larger than that of something normal; equal ones count half."""
    area = found = alarms = 0
    for anomalies, others in falling(scores, is_anomaly):
        area += others * (found + anomalies / 2)
        found, alarms = found + anomalies, alarms + others
    return area / (found * alarms)


def average_precision(scores, is_anomaly):
    """The precision at each threshold, weighted by the recall that it adds."""
    area = found = called = 0
    for anomalies, others in falling(scores, is_anomaly):
        found, called = found + anomalies, called + anomalies + others
        area += anomalies * found / called
    return area / found
