// autoencoder serve RUN ...: an HTTP service over trained models, and a page to play with them.

#include "service/serve.h"

#include <limits>

#include "cli/command.h"
#include "cli/log_lines.h"
#include "common/interrupt.h"

namespace autoencoder {
namespace {

struct ServeOptions : ServeRequest {
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    ServeRequest::visit(visitor);
    visitor.option("json", json, "each line a JSON object");
  }
};

int run_serve(const Arguments& arguments) {
  auto options = options_from<ServeOptions>(arguments);
  options.runs = arguments.words;
  const InterruptGuard guard;
  serve_runs(options, options.json ? print_as_json : print_lines, [&] { return guard.signal() != 0; });
  return 0;
}

const CommandRegistration serve_command(
    {.group = CommandGroup::kUse,
     .name = "serve",
     .summary = "models as an HTTP service, with a page to play with them",
     .synopsis = "RUN ...",
     .min_words = 1,
     .max_words = std::numeric_limits<size_t>::max(),
     .examples = {"autoencoder serve runs/vae-mnist-1",
                  "autoencoder serve runs --host 0.0.0.0 --token-file token",
                  "autoencoder serve runs/vae-mnist-1 --port 443 --certificate chain.pem --key key.pem"},
     .options = specs_of<ServeOptions>,
     .run = run_serve});

}  // namespace
}  // namespace autoencoder
