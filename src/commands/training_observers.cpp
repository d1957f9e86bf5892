#include "commands/training_observers.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/files.h"
#include "common/text.h"
#include "data/dataset.h"
#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostLines = 100;

std::string means_text(const LossMeans& means) {
  std::string text = fmt::format("{:<10.6g}", means.total);
  std::vector<std::string> parts;
  for (const auto& [name, value] : means.terms) {
    parts.push_back(fmt::format("{} {:.5g}", name, value));
  }
  return parts.empty() ? text : fmt::format("{} ({})", text, join(parts));
}

}  // namespace

Verdict EpochLines::epoch_done(TrainingState& state) {
  const EpochRecord& record = state.history.back();
  const int64_t stride = std::max<int64_t>(1, epochs_ / kMostLines);
  if (record.epoch % stride != 0 && record.epoch != epochs_) {
    return Verdict::kContinue;
  }
  std::string line = fmt::format("epoch {:>3}/{}  train {}", record.epoch, epochs_, means_text(record.train));
  if (record.validation) {
    line += "  validation " + means_text(*record.validation);
  }
  log_.say(fmt::format("{}  {:>6}  {:>8} {}s/s{}", line, duration_text(record.train_seconds),
                       with_thousands(static_cast<int64_t>(record.images_per_second)), noun_,
                       epochs_since_best(state.history) == 0 ? "  best" : ""));
  return Verdict::kContinue;
}

void RunKeeper::begin(const TrainingState& state) {
  if (!index_) {
    save_last(state);
  } else {  // it may be an epoch behind the checkpoint, or ahead of it
    write_file(run_.metrics(), to_csv(state.history));
  }
}

Verdict RunKeeper::epoch_done(TrainingState& state) {
  const std::string name = save(state);
  keep({name, epochs_since_best(state.history) == 0 ? name : index_->best}, state);
  return Verdict::kContinue;
}

void RunKeeper::save_last(const TrainingState& state) {
  const std::string name = save(state);
  keep({name, index_ ? index_->best : ""}, state);
}

std::string RunKeeper::save(const TrainingState& state) const {
  std::string name = checkpoint_name(state.epoch, state.batch);
  save_checkpoint(run_.checkpoints() / name, saved_, optimizer_, state);
  return name;
}

void RunKeeper::keep(const CheckpointIndex& index, const TrainingState& state) {
  write_checkpoint_index(run_, index);
  index_ = index;
  write_file(run_.metrics(), to_csv(state.history));
}

Verdict TensorBoardLog::epoch_done(TrainingState& state) {
  const EpochRecord& record = state.history.back();
  add_losses("train", record.train, record.epoch);
  if (record.validation) {
    add_losses("validation", *record.validation, record.epoch);
  }
  file_.add_scalar("learning_rate", record.epoch, record.learning_rate);
  file_.add_scalar("images_per_second", record.epoch, record.images_per_second);
  if (pictures_available() && !model_.input_shape().is_vector()) {
    add_reconstructions(record.epoch);
  }
  return Verdict::kContinue;
}

void TensorBoardLog::add_losses(const std::string& split, const LossMeans& means, int64_t epoch) {
  file_.add_scalar("loss/" + split, epoch, means.total);
  for (const auto& [term, value] : means.terms) {
    file_.add_scalar(fmt::format("{}/{}", term, split), epoch, value);
  }
}

void TensorBoardLog::add_reconstructions(int64_t epoch) {
  const torch::NoGradGuard no_grad;
  model_.eval();
  const torch::Tensor input = to_unit_range(pictured_);
  const torch::Tensor picture =
      sheet_of(torch::cat({input, model_.forward(input)}), /*columns=*/input.size(0)).cpu();
  model_.train();
  file_.add_image("originals_over_reconstructions", epoch,
                  {.height = picture.size(1),
                   .width = picture.size(2),
                   .channels = picture.size(0),
                   .png = picture_bytes(picture)});
}

bool EarlyStopping::is_over(const TrainingState& state) const {
  return patience_ > 0 && !state.history.empty() && epochs_since_best(state.history) >= patience_;
}

Verdict EarlyStopping::epoch_done(TrainingState& state) {
  if (!is_over(state)) {
    return Verdict::kContinue;
  }
  log_.say(fmt::format("no smaller loss for {} epochs: stopping early", patience_));
  return Verdict::kStop;
}

}  // namespace autoencoder
