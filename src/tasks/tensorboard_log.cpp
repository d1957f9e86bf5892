#include "tasks/tensorboard_log.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "data/dataset.h"
#include "models/evaluation_mode.h"
#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"

namespace autoencoder {

Decision TensorBoardLog::epoch_done(TrainingState& state) {
  const EpochRecord& record = state.history.back();
  add_losses("train", record.train, record.epoch);
  if (record.validation) {
    add_losses("validation", *record.validation, record.epoch);
  }
  file_.add_scalar("learning_rate", record.epoch, record.learning_rate);
  file_.add_scalar("images_per_second", record.epoch, record.images_per_second);
  if (pictures_available() && model_.input_shape().is_image()) {
    add_reconstructions(record.epoch);
  }
  return Decision::kContinue;
}

void TensorBoardLog::add_losses(const std::string& split, const LossMeans& means, int64_t epoch) {
  file_.add_scalar("loss/" + split, epoch, means.total);
  for (const auto& [term, value] : means.terms) {
    file_.add_scalar(fmt::format("{}/{}", term, split), epoch, value);
  }
}

void TensorBoardLog::add_reconstructions(int64_t epoch) {
  const torch::NoGradGuard no_grad;
  const EvaluationMode evaluation(model_);
  const torch::Tensor input = to_unit_range(pictured_);
  const torch::Tensor picture =
      sheet_of(torch::cat({input, model_.forward(input)}), /*columns=*/input.size(0)).cpu();
  file_.add_image("originals_over_reconstructions", epoch,
                  {.height = picture.size(1),
                   .width = picture.size(2),
                   .channels = picture.size(0),
                   .png = picture_bytes(picture)});
}

}  // namespace autoencoder
