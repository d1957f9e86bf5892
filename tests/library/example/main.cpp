#include <autoencoder/evaluation/code_distribution.h>
#include <autoencoder/tasks/run_access.h>
#include <autoencoder/tasks/train.h>
#include <iostream>

using namespace autoencoder;

int main() {
  Log log([](std::string_view lines, const Json&) { std::cout << lines << '\n'; });
  const Json options = {{"recipe", "circle"}, {"epochs", 20}, {"out", "runs/circle"}};
  train_run(plan_training(options), {.log = log});

  RunDataRequest request;
  request.run = "runs/circle";
  const auto [run, data] = open_with_data(request);
  const torch::Tensor codes = encode_all(run.model(), data.examples);
  std::cout << data.text << ": codes " << codes.sizes() << '\n';
}
