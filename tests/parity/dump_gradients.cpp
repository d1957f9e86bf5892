#include <torch/types.h>

#include "common/random.h"
#include "models/registry.h"
#include "tests/parity/dump.h"
#include "tests/parity/tensor_file.h"
#include "training/optimizer.h"

namespace autoencoder::testing {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kNoiseSeed = 3;

struct Case {
  std::string name;
  Json options;
  ImageShape shape;
  int64_t batch;
};

const Case kSmall = {"small", {{"model", "dense"}, {"latent-dim", 3}, {"hidden", {6}}}, {1, 8, 8}, 5};

std::vector<Case> cases() {
  const Json convolutions = {{"model", "conv"}, {"latent-dim", 32}, {"channels", {32, 64}}};
  return {
      kSmall,
      {"dense", {{"model", "dense"}, {"latent-dim", 32}, {"hidden", {128}}}, {1, 28, 28}, 8},
      {"conv", convolutions, {1, 28, 28}, 8},
      {"conv-odd", convolutions, {3, 9, 13}, 3},
      {"vae", {{"model", "vae"}, {"latent-dim", 20}, {"hidden", {128}}, {"beta", 1}}, {1, 28, 28}, 8},
      {"conv-vae",
       {{"model", "conv-vae"}, {"latent-dim", 20}, {"channels", {32, 64}}, {"beta", 4}},
       {1, 28, 28},
       8},
  };
}

std::shared_ptr<Autoencoder> model_of(const Case& chosen) {
  torch::manual_seed(1);
  return make_model(chosen.options, chosen.shape);
}

// Input and target differ, as they do where the input is corrupted.
Batch batch_of(const Case& chosen) {
  torch::manual_seed(2);
  const auto& [channels, height, width] = chosen.shape;
  const torch::Tensor input = torch::rand({chosen.batch, channels, height, width});
  return {input, torch::rand_like(input), {}};
}

Loss backpropagate(Autoencoder& model, const Batch& batch) {
  model.zero_grad();
  Loss loss = model.loss(batch, {make_generator(kNoiseSeed)});
  loss.total.backward();
  return loss;
}

void insert_parameters(NamedTensors& tensors, const std::string& prefix, const Autoencoder& model) {
  for (const auto& parameter : model.named_parameters()) {
    tensors.insert(prefix + parameter.key(), parameter.value().detach().clone());
  }
}

void dump_loss(const Case& chosen, const fs::path& folder) {
  const auto model = model_of(chosen);
  const Batch batch = batch_of(chosen);
  const Loss loss = backpropagate(*model, batch);
  NamedTensors tensors;
  tensors.insert("input", batch.input);
  tensors.insert("target", batch.target);
  tensors.insert("noise", torch::randn({chosen.batch, model->latent_dim()}, make_generator(kNoiseSeed)));
  tensors.insert("loss", loss.total.detach());
  for (const Term& term : loss.terms) {
    tensors.insert("term " + term.name, term.value);
  }
  insert_parameters(tensors, "parameter ", *model);
  for (const auto& parameter : model->named_parameters()) {
    tensors.insert("gradient " + parameter.key(), parameter.value().grad());
  }
  write_tensors(folder / (chosen.name + ".tensors"), tensors);
}

OptimizerOptions settings(const std::string& name, double learning_rate, double momentum,
                          double weight_decay) {
  OptimizerOptions options;
  options.optimizer = choice_named(optimizer_kinds(), name);
  options.learning_rate = learning_rate;
  options.momentum = momentum;
  options.weight_decay = weight_decay;
  return options;
}

// The parameters before the first step ("0 ...") and after each of five.
void dump_steps(const std::string& name, const OptimizerOptions& options, const fs::path& folder) {
  constexpr int kSteps = 5;
  const auto model = model_of(kSmall);
  const Batch batch = batch_of(kSmall);
  const auto optimizer = make_optimizer(options, model->parameters());
  NamedTensors tensors;
  insert_parameters(tensors, "0 ", *model);
  for (int step = 1; step <= kSteps; ++step) {
    backpropagate(*model, batch);
    optimizer->step();
    insert_parameters(tensors, std::to_string(step) + " ", *model);
  }
  write_tensors(folder / (name + ".tensors"), tensors);
}

}  // namespace

void dump_gradients(const fs::path& folder) {
  for (const Case& each : cases()) {
    dump_loss(each, folder);
  }
  dump_steps("gradient-descent", settings("sgd", 20, 0, 0), folder);
  dump_steps("sgd", settings("sgd", 0.5, 0.9, 0.01), folder);
  dump_steps("adam", settings("adam", 0.05, 0, 0.01), folder);
  dump_steps("adamw", settings("adamw", 0.05, 0, 0.1), folder);
  dump_steps("rmsprop", settings("rmsprop", 0.02, 0, 0.01), folder);
  dump_steps("adadelta", settings("adadelta", 2, 0, 0.01), folder);
}

}  // namespace autoencoder::testing
