// autoencoder export RUN: a run's model for other programs: TorchScript, ONNX, C.

#include <fmt/format.h>

#include "cli/answer.h"
#include "tasks/export_run.h"

namespace autoencoder {
namespace {

std::string text_of(const ExportResult& result) {
  const std::string text = fmt::format("{}: {}", result.out.string(), result.content);
  return result.largest_difference
             ? text + fmt::format(", largest difference from the model {:.1e}", *result.largest_difference)
             : text;
}

int run_export(const Arguments& arguments) {
  auto request = options_from<ExportRequest>(arguments);
  request.run = arguments.words.front();
  print_answer(text_of(export_run(request)));
  return 0;
}

const CommandRegistration export_command(
    {.group = CommandGroup::kUse,
     .name = "export",
     .summary = "a file for other programs: TorchScript, ONNX, C",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder export runs/dense-mnist-1 --out model.pt",
                  "autoencoder export runs/dense-mnist-1 --format onnx",
                  "autoencoder export runs/dense-mnist-1 --format c-int8 --part encoder"},
     .options = specs_of<ExportRequest>,
     .run = run_export});

}  // namespace
}  // namespace autoencoder
