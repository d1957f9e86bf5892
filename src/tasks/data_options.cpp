#include "tasks/data_options.h"

namespace autoencoder {

void TrainingDataOptions::visit(OptionVisitor& visitor) {
  source.visit(visitor);
  visitor.option("validation-fraction", validation_fraction, "share of the training data held out; 0: none",
                 fraction());
  visitor.option("test-fraction", test_fraction, "share set apart for tests where the data has no test split",
                 fraction());
  visitor.option("limit", limit, "use only so many training examples, chosen at random; 0: all",
                 between(0, kMostExamples));
  visitor.option("only-labels", only_labels,
                 "learn from examples of these labels alone, with commas between; the test split keeps all");
  visitor.choice(
      "split-by", split_by,
      "random, or time: what comes first is learned from, what comes last is the test, and windows "
      "across a boundary are left out; auto: time for windows of series",
      split_ways());
  visitor.choice("scale", scale,
                 "what the model takes off its input and puts back on its output; auto: standard for tables",
                 scaling_kinds());
}

}  // namespace autoencoder
