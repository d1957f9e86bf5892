// A model's methods as graphs of what they compute, by LibTorch's tracer.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <torch/script.h>
#include <torch/types.h>

#include "models/autoencoder.h"

namespace autoencoder {

/// What can be traced: what it computes, and inputs to trace and to check it with.
struct TracedMethod {
  std::string name;
  std::string argument;
  std::function<torch::Tensor(const torch::Tensor&)> compute;
  std::function<torch::Tensor(int64_t batch)> example;
};

/// They refer to the model.
TracedMethod traced_encode(Autoencoder& model);
TracedMethod traced_decode(Autoencoder& model);

torch::TensorOptions options_of(const Autoencoder& model);

/// Whether a parameter or buffer of that full name is to be kept.
using Selection = std::function<bool(const std::string& name)>;

/// A module with those parameters and buffers of `source` that are selected, by their full names, which begin
/// with `prefix`; under the same names. Modules without any are left out.
torch::jit::Module mirror(const torch::nn::Module& source,
                          const std::shared_ptr<torch::jit::CompilationUnit>& unit, const Selection& selected,
                          const std::string& prefix = "");

/// The graph of a method for `batch` examples, with `module`, a mirror of the model, as its self. Throws
/// c10::Error where it holds a device, or a tensor that does not move with the module: it would run on the
/// traced device alone.
std::shared_ptr<torch::jit::Graph> trace(torch::jit::Module& module, const TracedMethod& method,
                                         int64_t batch);

/// An attribute's name from the traced module on: "encoder.1.weight"; "" of the module itself.
std::string path_of(const torch::jit::Value* value);

}  // namespace autoencoder
