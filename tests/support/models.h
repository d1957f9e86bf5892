// Models that tests of several parts make, and how two are compared.
#pragma once

#include <gtest/gtest.h>
#include <torch/types.h>

#include "models/registry.h"
#include "run/saved_model.h"

namespace autoencoder::testing {

/// Dense, of grey pictures of 8x8.
inline SavedModel small_model() {
  const Json options = {{"model", "dense"}, {"hidden", {5}}, {"latent-dim", 3}};
  return {make_model(options, {1, 8, 8}), options};
}

inline void expect_equal_weights(const Autoencoder& a, const Autoencoder& b) {
  const auto expected = b.named_parameters();
  for (const auto& parameter : a.named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), expected[parameter.key()])) << parameter.key();
  }
}

}  // namespace autoencoder::testing
