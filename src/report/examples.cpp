#include "report/examples.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/random.h"
#include "common/text.h"
#include "data/batches.h"
#include "evaluation/column_errors.h"
#include "evaluation/evaluate.h"
#include "evaluation/latent_map.h"
#include "evaluation/reconstruction.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"
#include "report/model_pictures.h"
#include "report/series.h"

namespace autoencoder {
namespace {

constexpr uint64_t kSeed = 0;
constexpr int64_t kShownExamples = 24;
constexpr int64_t kExtremes = 12;  // worst, and best
constexpr int64_t kMostDots = 1000;
constexpr size_t kMostGroups = 24;  // that colour and shape tell apart
constexpr size_t kMostBars = 50;
constexpr int64_t kMostNumbersTold = 8;

bool can_show_pictures(const MeasuredExamples& measured) {
  return pictures_available() && measured.data.shape().is_image();
}

// The name of an example: its steps in a series, its file's, or its position in the split, by which other
// commands know it.
std::string name_of(const MeasuredExamples& measured, int64_t example) {
  if (measured.data.windows.defined()) {
    return window_name(measured.data.windows, example);
  }
  const std::vector<std::string>& files = measured.data.files;
  return files.empty() ? fmt::format("example {}", measured.positions[example].item<int64_t>())
                       : std::filesystem::path(files[static_cast<size_t>(example)]).filename().string();
}

size_t class_of(const MeasuredExamples& measured, int64_t example) {
  return static_cast<size_t>(measured.classes.numbers[example].item<int64_t>());
}

bool has_classes(const MeasuredExamples& measured) { return !measured.classes.names.empty(); }

std::string label_of(const MeasuredExamples& measured, int64_t example) {
  return has_classes(measured) ? measured.classes.names[class_of(measured, example)] : "";
}

double error_of(const MeasuredExamples& measured, int64_t example) {
  return measured.errors[example].item<double>();
}

// ": 0.1, 0.2" of a short vector.
std::string numbers_of(const MeasuredExamples& measured, int64_t example) {
  const ImageShape shape = measured.data.shape();
  if (shape.is_image() || shape.size() > kMostNumbersTold) {
    return "";
  }
  const torch::Tensor numbers = measured.data.images.read(torch::tensor({example})).contiguous();
  const auto* first = numbers.const_data_ptr<float>();
  return fmt::format(": {:.4g}", fmt::join(first, first + numbers.numel(), ", "));
}

// What a dot, or a picture, has beneath it.
std::string note_of(const MeasuredExamples& measured, int64_t example) {
  const std::string label =
      has_classes(measured) ? fmt::format(", label {}", label_of(measured, example)) : "";
  return fmt::format("{}{}, error {:.3g}{}", name_of(measured, example), label, error_of(measured, example),
                     numbers_of(measured, example));
}

// Beneath a small picture.
std::string caption_of(const MeasuredExamples& measured, int64_t example) {
  const std::string error = fmt::format("{:.2g}", error_of(measured, example));
  return has_classes(measured) ? fmt::format("{}: {}", label_of(measured, example), error) : error;
}

// --- pictures ---

// Originals over what the model makes of them.
report::Gallery reconstructions_of(Autoencoder& model, const MeasuredExamples& measured,
                                   const torch::Tensor& indices) {
  const Reconstruction result = reconstruct(model, measured.data.images.stored(indices), measured.corruption);
  std::vector<Panel> rows = {{"original", result.originals}};
  rows.insert(rows.end(), result.between.begin(), result.between.end());
  if (result.code_is_picture) {
    rows.push_back({"code", codes_as_images(result.codes)});
  }
  rows.push_back({"reconstruction", result.reconstructions});
  std::vector<report::Tile> tiles;
  for (int64_t i = 0; i < indices.size(0); ++i) {
    const auto example = indices[i].item<int64_t>();
    tiles.push_back({note_of(measured, example), caption_of(measured, example), {}});
  }
  return gallery_of("", rows, std::move(tiles));
}

report::Table table_of(const MeasuredExamples& measured, const torch::Tensor& indices) {
  report::Table table = {.caption = "", .header = {"example", "mean squared error"}, .rows = {}};
  if (has_classes(measured)) {
    table.header.insert(table.header.begin() + 1, "label");
  }
  for (int64_t i = 0; i < indices.size(0); ++i) {
    const auto example = indices[i].item<int64_t>();
    std::vector<std::string> row = {name_of(measured, example),
                                    fmt::format("{:.5g}", error_of(measured, example))};
    if (has_classes(measured)) {
      row.insert(row.begin() + 1, label_of(measured, example));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// These examples, as pictures or, where they are none, in a table.
report::Block examples_block(Autoencoder& model, const MeasuredExamples& measured,
                             const torch::Tensor& indices, const std::string& caption) {
  if (can_show_pictures(measured)) {
    report::Gallery gallery = reconstructions_of(model, measured, indices);
    gallery.caption = caption;
    return gallery;
  }
  report::Table table = table_of(measured, indices);
  table.caption = caption;
  return table;
}

report::Map reconstructed_points(Autoencoder& model, const MeasuredExamples& measured) {
  const torch::Tensor images = first_images(measured.data, pictured_examples(measured.data.shape()));
  const Reconstruction result = reconstruct(model, images, measured.corruption);
  return map_of_points("Points and their reconstructions",
                       {{"original", result.originals}, {"reconstruction", result.reconstructions}});
}

// --- the map ---

std::vector<report::Sheet> sheets_of(Autoencoder& model, const MeasuredExamples& measured,
                                     const torch::Tensor& indices) {
  if (!can_show_pictures(measured)) {
    return {};
  }
  return {report_sheet("original", measured.data.images.read(indices)),
          report_sheet("reconstruction", decoded(model, measured.codes.index_select(0, indices)))};
}

// Where each code lies: N x 2, with the names of the axes.
struct Places {
  torch::Tensor points;
  std::string text;
  std::string x_label;
  std::string y_label;
  report::Axes axes = report::Axes::kEqual;
};

Places places_of(const MeasuredExamples& measured) {
  if (measured.codes.size(1) == 1) {
    const torch::Tensor errors = measured.errors.to(measured.codes.dtype()).unsqueeze(1);
    return {torch::cat({measured.codes, errors}, 1), "the code, and the error of its reconstruction", "code",
            "mean squared error", report::Axes::kFree};
  }
  const LatentMap map = map_of_codes(measured.codes);
  const char* axis = measured.codes.size(1) == 2 ? "code" : "component";
  return {map.points, map.text, fmt::format("{} 1", axis), fmt::format("{} 2", axis)};
}

bool groups_are_classes(const MeasuredExamples& measured) {
  return has_classes(measured) && measured.classes.names.size() <= kMostGroups;
}

// All that is known before the model has seen them.
MeasuredExamples choose_examples(const DescribedData& pool, int64_t most) {
  const at::Generator rng = make_generator(derive_seed(kSeed, "report"));
  MeasuredExamples chosen;
  chosen.positions = random_positions(pool.examples.size(), most, rng);
  chosen.data = to_device(chosen_examples(pool.examples, chosen.positions), torch::kCPU);
  const bool are_all = chosen.data.size() == pool.examples.size();
  chosen.text = are_all ? "the " + pool.text
                        : fmt::format("{} examples, chosen at random, of the {}",
                                      with_thousands(chosen.data.size()), pool.text);
  if (chosen.data.labels.defined()) {
    chosen.classes = number_classes(chosen.data.labels, chosen.data.label_names);
  }
  return chosen;
}

// The first `most` windows in an order (positions) that share no step with each other.
torch::Tensor first_apart(const Windows& windows, const torch::Tensor& order, size_t most) {
  const auto series = windows.series.accessor<int64_t, 1>();
  const auto first = windows.first.accessor<int64_t, 1>();
  const auto overlap = [&](int64_t one, int64_t other) {
    return series[one] == series[other] && std::abs(first[one] - first[other]) < windows.of->window;
  };
  std::vector<int64_t> chosen;
  for (int64_t i = 0; i < order.size(0) && chosen.size() < most; ++i) {
    const auto next = order[i].item<int64_t>();
    if (std::ranges::none_of(chosen, [&](int64_t other) { return overlap(next, other); })) {
      chosen.push_back(next);
    }
  }
  return torch::tensor(chosen, torch::kInt64);
}

// Few of them: each is a chart of its own.
report::Section windows_section(Autoencoder& model, const MeasuredExamples& measured) {
  constexpr int64_t kCharts = 3;
  const torch::Tensor order = measured.errors.argsort(/*dim=*/int64_t{0}, /*descending=*/true);
  report::Section section = {"Reconstructions", {}};
  const auto add = [&](const torch::Tensor& in_order, const std::string& caption) {
    const torch::Tensor indices = first_apart(measured.data.windows, in_order, kCharts);
    for (report::Block& block : window_blocks(model, measured, indices, caption)) {
      section.blocks.push_back(std::move(block));
    }
  };
  add(torch::arange(measured.data.size()), "Some of the windows");
  add(order, "The worst: largest errors first");
  add(order.flip(0), "The best: smallest errors first");
  return section;
}

}  // namespace

MeasuredExamples measure_examples(Autoencoder& model, const DescribedData& pool, const Corruption& corruption,
                                  int64_t most) {
  MeasuredExamples measured = choose_examples(pool, most);
  measured.corruption = corruption;
  const at::Generator noise = make_generator(kSeed, model.parameters().front().device());
  std::vector<torch::Tensor> codes;
  std::vector<torch::Tensor> errors;
  for_each_batch(model, measured.data, [&](const Batch& batch) {
    const torch::Tensor code = model.encode(corruption.apply(batch.input, noise));
    codes.push_back(code.cpu());
    errors.push_back(reconstruction_errors(model, batch.target, model.decode(code)).cpu());
  });
  measured.codes = torch::cat(codes);
  measured.errors = torch::cat(errors);
  return measured;
}

report::Section reconstructions_section(Autoencoder& model, const MeasuredExamples& measured) {
  if (measured.data.windows.defined()) {
    return windows_section(model, measured);
  }
  report::Section section = {"Reconstructions", {}};
  const int64_t count = measured.data.size();
  if (are_points(measured.data.shape())) {
    section.blocks.emplace_back(reconstructed_points(model, measured));
  } else if (can_show_pictures(measured)) {
    const torch::Tensor some = torch::arange(std::min(count, kShownExamples));
    section.blocks.push_back(examples_block(model, measured, some, "Some of the examples"));
  }
  const torch::Tensor order = measured.errors.argsort(/*dim=*/int64_t{0}, /*descending=*/true);
  const int64_t extremes = std::min(count, kExtremes);
  const torch::Tensor worst = order.narrow(0, 0, extremes);
  const torch::Tensor best = order.flip(0).narrow(0, 0, extremes);
  section.blocks.push_back(examples_block(model, measured, worst, "The worst: largest errors first"));
  section.blocks.push_back(examples_block(model, measured, best, "The best: smallest errors first"));
  return section;
}

report::Section codes_section(Autoencoder& model, const MeasuredExamples& measured) {
  if (measured.data.size() < 2) {
    return {"Codes", {}};
  }
  const Places places = places_of(measured);
  const torch::Tensor shown = torch::arange(std::min(measured.data.size(), kMostDots));
  report::Map map = {
      .caption = fmt::format("Codes of {} examples: {}", with_thousands(shown.size(0)), places.text),
      .x_label = places.x_label,
      .y_label = places.y_label,
      .groups = {"examples"},
      .dots = {},
      .sheets = sheets_of(model, measured, shown),
      .axes = places.axes};
  if (groups_are_classes(measured)) {
    map.groups = measured.classes.names;
  }
  for (int64_t i = 0; i < shown.size(0); ++i) {
    map.dots.push_back({places.points[i][0].item<double>(), places.points[i][1].item<double>(),
                        groups_are_classes(measured) ? class_of(measured, i) : 0, note_of(measured, i)});
  }
  return {"Codes", {std::move(map)}};
}

report::Section classes_section(const MeasuredExamples& measured) {
  const std::vector<std::string>& names = measured.classes.names;
  report::Section section = {"Errors by class", {}};
  if (names.empty() || names.size() > kMostBars) {
    return section;
  }
  report::Bars bars = {"Mean squared error of each class", "class", "mean squared error", names, {}};
  report::Table table = {.caption = "Errors by class, in numbers",
                         .header = {"class", "examples", "mean squared error"},
                         .rows = {},
                         .shown = report::Shown::kFolded};
  for (size_t i = 0; i < names.size(); ++i) {
    const torch::Tensor errors =
        measured.errors.masked_select(measured.classes.numbers == static_cast<int64_t>(i));
    bars.values.push_back(errors.mean().item<double>());
    table.rows.push_back(
        {names[i], with_thousands(errors.numel()), fmt::format("{:.5g}", bars.values.back())});
  }
  section.blocks = {std::move(bars), std::move(table)};
  return section;
}

}  // namespace autoencoder
