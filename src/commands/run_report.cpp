#include "commands/run_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include "commands/environment.h"
#include "commands/model_summary.h"
#include "commands/report_examples.h"
#include "commands/report_losses.h"
#include "commands/report_pictures.h"
#include "commands/reproduction.h"
#include "commands/run_pictures.h"
#include "commands/train_plan.h"
#include "commands/version.h"
#include "common/random.h"
#include "common/text.h"
#include "evaluation/evaluate.h"
#include "pictures/pictures.h"
#include "run/history.h"

namespace autoencoder {
namespace {

using report::Section;
using report::Shown;

// --- the model ---

report::Printout listing_of(const Listing& listing) {
  return {fmt::format("{}: {} numbers", listing.name, listing.numbers.size()),
          fmt::format("{}", fmt::join(listing.numbers, ", "))};
}

Section model_section(OpenRun& run, const MeasuredExamples& measured) {
  Section section = {"The model", {}};
  Autoencoder& model = run.model();
  if (pictures_available()) {
    const torch::Tensor examples =
        to_unit_range(measured.data.images).to(model.parameters().front().device());
    for (const Figure& figure : model.figures(examples)) {
      section.blocks.emplace_back(mosaic(figure.caption, figure.images.cpu()));
    }
  }
  for (const Listing& listing : model.listings()) {
    section.blocks.emplace_back(listing_of(listing));
  }
  section.blocks.emplace_back(report::Printout{"Layers", summarise(model)});
  return section;
}

Section samples_section(Autoencoder& model) {
  Section section = {"Samples", {}};
  const std::optional<torch::Tensor> samples = prior_samples(model);
  if (!samples) {
    return section;
  }
  const std::string caption = fmt::format("{} codes drawn from the prior, decoded", samples->size(0));
  if (are_points(model.input_shape())) {
    section.blocks.emplace_back(map_of_points(caption, {{"samples", *samples}}));
  } else if (!model.input_shape().is_vector() && pictures_available()) {
    section.blocks.emplace_back(mosaic(caption, *samples));
  }
  return section;
}

// --- figures ---

std::string value_text(const Metric& metric) {
  return fmt::format("{:.{}f}{}{}", metric.value, std::abs(metric.value) < 10 ? 5 : 2,
                     metric.unit.empty() ? "" : " ", metric.unit);
}

Section figures_section(const Evaluation& result, const std::string& text) {
  report::Table table = {.caption = "On " + text, .header = {"figure", "value"}, .rows = {}};
  for (const Metric& metric : metrics_of(result)) {
    table.rows.push_back({metric.label, value_text(metric)});
  }
  return {"Figures", {std::move(table)}};
}

// --- how it was made ---

std::string group_of(const std::string& option, const std::vector<OptionSpec>& specs) {
  const auto spec =
      std::find_if(specs.begin(), specs.end(), [&](const auto& each) { return each.name == option; });
  return spec == specs.end() ? "" : spec->group;
}

Section configuration_section(const Json& config) {
  const std::vector<OptionSpec> specs = train_option_specs();
  report::Table table = {.caption = "Every option, as in config.json",
                         .header = {"option", "value", "concerns"},
                         .rows = {},
                         .shown = Shown::kFolded};
  for (const auto& [name, value] : config.items()) {
    table.rows.push_back({name, option_text(value), group_of(name, specs)});
  }
  return {"Configuration",
          {report::CommandLine{"All that is not as it is by default:", train_command_line(config)},
           std::move(table)}};
}

Section environment_section(const RunDirectory& run) {
  Section section = {"Environment", {}};
  report::Table table = {.caption = "Where it was trained", .header = {"what", "value"}, .rows = {}};
  for (const auto& [name, value] : read_environment(run)) {
    table.rows.push_back({name, value});
  }
  if (!table.rows.empty()) {
    section.blocks.emplace_back(std::move(table));
  }
  section.blocks.emplace_back(report::Paragraph{fmt::format(
      "This report: autoencoder {}, LibTorch {}, {}.", program_version(), TORCH_VERSION, present_time())});
  return section;
}

Section commands_section(const RunDirectory& run) {
  const std::string path = shell_word(run.path().string());
  const std::string config = shell_word(run.config().string());
  return {"Do it again",
          {report::CommandLine{"Train the same model:", "autoencoder train --config " + config},
           report::CommandLine{"Measure it on the test split:", "autoencoder evaluate " + path},
           report::CommandLine{"Draw more of its reconstructions:", "autoencoder reconstruct " + path},
           report::CommandLine{"Write this report again:", "autoencoder report " + path}}};
}

// --- what stands out ---

void add_loss(std::vector<report::KeyFigure>& figures, const History& history) {
  if (history.empty()) {
    return;
  }
  const EpochRecord& best = history[best_record(history)];
  figures.push_back({best.validation ? "Validation loss" : "Training loss",
                     fmt::format("{:.5g}", best.monitored_loss()),
                     fmt::format("epoch {} of {}", best.epoch, history.size())});
}

std::vector<report::KeyFigure> key_figures_of(OpenRun& run, const Evaluation& result,
                                              const History& history) {
  Autoencoder& model = run.model();
  std::vector<report::KeyFigure> figures;
  add_loss(figures, history);
  figures.push_back({"MSE", fmt::format("{:.5f}", result.mse), "mean squared error"});
  if (result.psnr && result.ssim) {
    figures.push_back(
        {"SSIM", fmt::format("{:.3f}", *result.ssim), fmt::format("PSNR {:.2f} dB", *result.psnr)});
  }
  if (result.elbo) {
    figures.push_back({"Evidence bound", fmt::format("{:.2f}", *result.elbo), "nats an image"});
  }
  figures.push_back({"Code", with_thousands(model.latent_dim()),
                     fmt::format("numbers, of {}", with_thousands(model.input_shape().size()))});
  figures.push_back({"Parameters", with_thousands(parameter_count(model)), ""});
  if (!history.empty()) {
    figures.push_back(
        {"Training", duration_text(training_seconds(history)),
         fmt::format("{} examples/s", with_thousands(std::llround(history.back().images_per_second)))});
  }
  return figures;
}

std::string subtitle_of(const Json& config, const std::string& examples) {
  return fmt::format("Model {}. Measured on {}.", option_text(config.at("model")), examples);
}

void drop_empty(std::vector<Section>& sections) {
  std::erase_if(sections, [](const Section& section) { return section.blocks.empty(); });
}

Json figures_json(const Evaluation& result) {
  Json json = {{"examples", result.images}};
  for (const Metric& metric : metrics_of(result)) {
    json[metric.name] = metric.value;
  }
  return json;
}

}  // namespace

RunReport report_of(OpenRun& run, const RunData& data, int64_t most) {
  const torch::NoGradGuard no_grad;
  const MeasuredExamples measured = measure_examples(run, data, most);
  const Evaluation result = evaluate(run.model(), measured.data,
                                     {.seed = derive_seed(0, "bound"),
                                      .corruption = run.corruption(""),
                                      .binarize = run.config.at("binarize").get<bool>()});
  const History history = read_history(run.directory.metrics());
  RunReport report;
  report.page = {.title = run.directory.name(),
                 .subtitle = subtitle_of(run.config, measured.text),
                 .key_figures = key_figures_of(run, result, history),
                 .sections = {losses_section(history), reconstructions_section(run, measured),
                              codes_section(run, measured), samples_section(run.model()),
                              classes_section(measured), figures_section(result, measured.text),
                              model_section(run, measured), configuration_section(run.config),
                              environment_section(run.directory), commands_section(run.directory)}};
  drop_empty(report.page.sections);
  report.figures = figures_json(result);
  return report;
}

}  // namespace autoencoder
