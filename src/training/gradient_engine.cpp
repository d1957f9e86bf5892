#include "training/gradient_engine.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "training/parallel_gradients.h"
#include "training/reproducible_gradients.h"

namespace autoencoder {
namespace {

class PlainEngine : public GradientEngine {
 public:
  Loss differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters, const Batch& batch,
                     const Step& step) override {
    for (const Tensor& parameter : parameters) {
      parameter.mutable_grad().reset();
    }
    Loss loss = loss_of(batch, step);
    loss.total.backward({}, /*retain_graph=*/std::nullopt, /*create_graph=*/false,
                        at::TensorList(parameters));
    return loss;
  }

  Loss compute(const LossOf& loss_of, const Batch& batch, const Step& step) override {
    const torch::NoGradGuard no_grad;
    return loss_of(batch, step);
  }
};

// Of a step of another engine: one piece of work, wherever batches have the same sizes.
class RecordedEngine : public GradientEngine {
 public:
  RecordedEngine(std::unique_ptr<GradientEngine> recorded, Recorder& recorder)
      : recorded_(std::move(recorded)), recorder_(recorder) {}

  Loss differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters, const Batch& batch,
                     const Step& step) override {
    return recorded_->differentiate(loss_of, parameters, batch, step);
  }

  Loss compute(const LossOf& loss_of, const Batch& batch, const Step& step) override {
    return recorded_->compute(loss_of, batch, step);
  }

  void run(const std::function<void(const Batch&)>& step, const Batch& batch) override {
    if (!step_) {
      step_.emplace(recorder_, step);
    }
    step_->run(batch);
  }

  bool plays_back() const override { return true; }

 private:
  std::unique_ptr<GradientEngine> recorded_;
  Recorder& recorder_;
  std::optional<RecordedStep> step_;
};

void check_divisible(Division division, const Sharing& sharing) {
  if (division == Division::kNone) {
    throw Error(fmt::format(
        "{} needs training whose batches can be divided: on the CPU, in float32 or by the processor's own "
        "instructions for bfloat16, and of a family that says how (Autoencoder::division); leave it away",
        sharing.is_reproducible ? "--reproducible" : "several processes"));
  }
}

}  // namespace

std::unique_ptr<GradientEngine> choose_engine(const Autoencoder& model, Precision precision,
                                              Recorder* recorder, const Sharing& sharing) {
  const bool is_on_cpu = model.parameters().front().is_cpu();
  const Division division = is_on_cpu && suits_threads(precision) ? model.division() : Division::kNone;
  const WeightOf weight_of = [&](const Batch& part) { return model.weight(part); };
  std::unique_ptr<GradientEngine> engine;
  if (sharing.is_reproducible || sharing.processes.size() > 1) {
    check_divisible(division, sharing);
    engine = std::make_unique<ReproducibleEngine>(weight_of, division, sharing.processes);
  } else if (division == Division::kFree) {
    engine = std::make_unique<ParallelEngine>(weight_of);
  } else {
    engine = std::make_unique<PlainEngine>();
  }
  return recorder == nullptr ? std::move(engine)
                             : std::make_unique<RecordedEngine>(std::move(engine), *recorder);
}

}  // namespace autoencoder
