// autoencoder convert RUN: a run of a version whose files could hold code, in today's format.

#include "tasks/convert.h"

#include <fmt/format.h>

#include "cli/answer.h"

namespace autoencoder {
namespace {

std::string text_of(const ConvertResult& result) {
  return fmt::format("{}: {}", result.run,
                     result.was_converted ? "converted; its state is in safetensors now, which hold no code"
                                          : "of today's format already");
}

// Is to be read before any of the files is opened.
void warn_of_code(const std::string& run) {
  print_answer(
      fmt::format("{}: reading its .pt files, which are programs, and trusting whoever made them", run));
}

int run_convert(const Arguments& arguments) {
  auto request = options_from<ConvertRequest>(arguments);
  request.run = arguments.words.front();
  if (const ConversionCheck check = check_conversion(request); check.is_needed) {
    warn_of_code(check.run);
  }
  print_answer(text_of(convert_run(request)));
  return 0;
}

const CommandRegistration convert_command(
    {.group = CommandGroup::kUse,
     .name = "convert",
     .summary = "brings a run of an older version into today's format; trusts it, for its files are programs",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder convert runs/dense-mnist-1"},
     .options = specs_of<ConvertRequest>,
     .run = run_convert});

}  // namespace
}  // namespace autoencoder
