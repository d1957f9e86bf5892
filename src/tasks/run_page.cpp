#include "tasks/run_page.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>
#include <torch/version.h>

#include "common/random.h"
#include "common/text.h"
#include "common/version.h"
#include "evaluation/evaluate.h"
#include "evaluation/reconstruction.h"
#include "models/summary.h"
#include "pictures/pictures.h"
#include "report/detection.h"
#include "report/examples.h"
#include "report/losses.h"
#include "report/model_pictures.h"
#include "report/player.h"
#include "report/rows.h"
#include "run/history.h"
#include "tasks/environment.h"
#include "tasks/reproduction.h"
#include "tasks/train_plan.h"

namespace autoencoder {
namespace {

using report::Section;
using report::Shown;

// --- the model ---

report::Printout listing_of(const Listing& listing) {
  return {fmt::format("{}: {} numbers", listing.name, listing.numbers.size()),
          fmt::format("{}", fmt::join(listing.numbers, ", "))};
}

// `examples`: on the model's device.
void add_own_blocks(Section& section, Illustrated& family, const torch::Tensor& examples) {
  if (pictures_available()) {
    for (const Illustration& illustration : family.illustrations(examples)) {
      section.blocks.emplace_back(mosaic(illustration.caption, illustration.images.cpu()));
    }
  }
  for (const Listing& listing : family.listings()) {
    section.blocks.emplace_back(listing_of(listing));
  }
}

Section model_section(Autoencoder& model, const MeasuredExamples& measured) {
  Section section = {"The model", {}};
  if (Illustrated* family = model.illustrated()) {
    const torch::Tensor examples = to_unit_range(measured.data.images.all());
    add_own_blocks(section, *family, examples.to(model.parameters().front().device()));
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
  } else if (model.input_shape().is_image() && pictures_available()) {
    section.blocks.emplace_back(mosaic(caption, *samples));
  }
  return section;
}

// --- metrics ---

std::string value_text(const Metric& metric) {
  return fmt::format("{:.{}f}{}{}", metric.value, std::abs(metric.value) < 10 ? 5 : 2,
                     metric.unit.empty() ? "" : " ", metric.unit);
}

Section metrics_section(const Evaluation& result, const std::string& text) {
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

void add_loss(std::vector<report::KeyMetric>& metrics, const History& history) {
  if (history.empty()) {
    return;
  }
  const EpochRecord& best = history[best_record(history)];
  metrics.push_back({best.validation ? "Validation loss" : "Training loss",
                     fmt::format("{:.5g}", best.monitored_loss()),
                     fmt::format("epoch {} of {}", best.epoch, history.size())});
}

std::vector<report::KeyMetric> key_metrics_of(Autoencoder& model, const Evaluation& result,
                                              const History& history) {
  std::vector<report::KeyMetric> metrics;
  add_loss(metrics, history);
  metrics.push_back({"MSE", fmt::format("{:.5f}", result.mse), "mean squared error"});
  if (result.psnr && result.ssim) {
    metrics.push_back(
        {"SSIM", fmt::format("{:.3f}", *result.ssim), fmt::format("PSNR {:.2f} dB", *result.psnr)});
  }
  if (result.elbo) {
    metrics.push_back(
        {"Evidence bound", fmt::format("{:.2f}", *result.elbo), fmt::format("nats an {}", result.noun)});
  }
  metrics.push_back({"Code", with_thousands(model.latent_dim()),
                     fmt::format("numbers, of {}", with_thousands(model.input_shape().size()))});
  metrics.push_back({"Parameters", with_thousands(parameter_count(model)), ""});
  if (!history.empty()) {
    metrics.push_back(
        {"Training", duration_text(training_seconds(history)),
         fmt::format("{} examples/s", with_thousands(std::llround(history.back().images_per_second)))});
  }
  return metrics;
}

std::string subtitle_of(const Json& config, const std::string& examples) {
  return fmt::format("Model {}. Measured on {}.", option_text(config.at("model")), examples);
}

std::vector<Section> without_empty(std::vector<Section> sections) {
  std::erase_if(sections, [](const Section& section) { return section.blocks.empty(); });
  return sections;
}

Json metrics_json(const Evaluation& result) {
  Json json = {{"examples", result.images}};
  for (const Metric& metric : metrics_of(result)) {
    json[metric.name] = metric.value;
  }
  return json;
}

}  // namespace

RunPage report_of(const OpenRun& run, const DescribedData& data, int64_t most) {
  const torch::NoGradGuard no_grad;
  Autoencoder& model = run.model();
  const Corruption corruption = run.corruption("");
  const MeasuredExamples measured = measure_examples(model, data, corruption, most);
  const Evaluation result = evaluate(model, measured.data,
                                     {.seed = derive_seed(0, "bound"),
                                      .corruption = corruption,
                                      .binarize = run.config.at("binarize").get<bool>()});
  const History history = read_history(run.directory.metrics());
  const report::Report page = {
      .title = run.directory.name(),
      .subtitle = subtitle_of(run.config, measured.text),
      .key_metrics = key_metrics_of(model, result, history),
      .sections = without_empty(
          {losses_section(history),
           measured.data.schema ? rows_section(model, measured) : reconstructions_section(model, measured),
           codes_section(model, measured), player_section(model, measured), samples_section(model),
           classes_section(measured), metrics_section(result, measured.text),
           detection_section(run.directory), model_section(model, measured),
           configuration_section(run.config), environment_section(run.directory),
           commands_section(run.directory)})};
  return {page, metrics_json(result)};
}

}  // namespace autoencoder
