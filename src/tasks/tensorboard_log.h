// Training as TensorBoard shows it.
#pragma once

#include <string>

#include "run/event_file.h"
#include "run/run_directory.h"
#include "training/trainer.h"

namespace autoencoder {

/// Writes losses, learning rate and speed of each epoch, and some reconstructions, for TensorBoard.
class TensorBoardLog : public Observer {
 public:
  /// pictured: N x C x H x W, on the model's device; it is not drawn where it is no pictures, or the build
  /// draws none.
  TensorBoardLog(const RunDirectory& run, Autoencoder& model, const torch::Tensor& pictured)
      : file_(run.tensorboard()), model_(model), pictured_(pictured) {}

  Decision epoch_done(TrainingState& state) override;

 private:
  void add_losses(const std::string& split, const LossMeans& means, int64_t epoch);
  void add_reconstructions(int64_t epoch);

  EventFile file_;
  Autoencoder& model_;
  torch::Tensor pictured_;
};

}  // namespace autoencoder
