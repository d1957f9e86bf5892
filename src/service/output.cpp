#include "service/output.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/text.h"
#include "data/formats/csv.h"
#include "data/formats/csv_rewriter.h"
#include "data/formats/npy.h"
#include "data/formats/row_writer.h"
#include "evaluation/column_shares.h"
#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/near_square.h"
#include "pictures/overlay.h"
#include "service/json_body.h"

namespace autoencoder::service {
namespace {

constexpr int64_t kToldColumns = 5;  // of a row: those with the largest shares

const Part* find_part(const Output& output, Content content) {
  for (const Part& part : output.parts) {
    if (part.content == content) {
      return &part;
    }
  }
  return nullptr;
}

torch::Tensor in_sent_units(const Output& output, const Part& part) {
  return part.content == Content::kExamples ? output.input.restored(part.values) : part.values;
}

// --- JSON ---

// A number where the column has numbers, null for a hole.
Json json_of_cell(const TableColumn& column, std::string cell) {
  if (cell.empty()) {
    return nullptr;
  }
  if (column.kind != ColumnKind::kNumber && column.kind != ColumnKind::kCount) {
    return cell;
  }
  std::erase(cell, '%');
  std::ranges::replace(cell, ',', '.');
  const auto number = number_from<double>(cell);
  return number ? Json(*number) : Json(cell);
}

Json json_of_rows(const TableSchema& schema, const torch::Tensor& examples) {
  const torch::Tensor rows = examples.flatten(1).contiguous();
  Json json = Json::array();
  for (int64_t row = 0; row < rows.size(0); ++row) {
    const std::vector<std::string> cells = cells_of(schema, rows[row].const_data_ptr<float>());
    Json object = Json::object();
    for (size_t i = 0; i < cells.size(); ++i) {
      object[schema.columns[i].name] = json_of_cell(schema.columns[i], cells[i]);
    }
    json.push_back(std::move(object));
  }
  return json;
}

// Without dimensions that tell nothing: vectors as lists of numbers, windows as lists of steps for each
// column.
torch::Tensor as_told(const ServedModel& served, const torch::Tensor& examples) {
  if (served.kind == ExampleKind::kWindow) {
    return examples.squeeze(2);
  }
  return served.shape().is_vector() ? examples.flatten(1) : examples;
}

Json reasons_of(const ServedModel& served, const torch::Tensor& shares) {
  ColumnShares all;
  for (const TableColumn& column : served.schema->columns) {
    all.columns.push_back(column.name);
  }
  all.shares = shares;
  Json reasons = Json::array();
  for (int64_t row = 0; row < shares.size(0); ++row) {
    reasons.push_back(all.text(row, kToldColumns));
  }
  return reasons;
}

void append_field(std::string& text, const std::string& name, const std::string& json) {
  text += fmt::format(",{}:{}", Json(name).dump(), json);
}

void append_verdicts(std::string& text, const Output& output, const torch::Tensor& scores) {
  const Scoring& scoring = output.served->scoring;
  append_field(text, "score", Json(scoring.detector.score).dump());
  if (scoring.has_threshold) {
    const torch::Tensor called = scores.to(torch::kFloat64) >= scoring.detector.threshold;
    Json anomalies = Json::array();
    for (int64_t i = 0; i < called.size(0); ++i) {
      anomalies.push_back(called[i].item<bool>());
    }
    append_field(text, "threshold", Json(scoring.detector.threshold).dump());
    append_field(text, "anomalies", anomalies.dump());
  }
}

void append_part(std::string& text, const Output& output, const Part& part) {
  const ServedModel& served = *output.served;
  if (part.content == Content::kShares) {
    append_field(text, "reasons", json_text(reasons_of(served, part.values)));
  } else if (part.content == Content::kExamples && served.kind == ExampleKind::kRow) {
    append_field(text, part.name, json_text(json_of_rows(*served.schema, part.values)));
  } else {
    text += fmt::format(",\"{}\":", part.name);
    const torch::Tensor values = in_sent_units(output, part);
    append_numbers(text, part.content == Content::kExamples ? as_told(served, values) : values);
  }
  if (part.name == "scores") {
    append_verdicts(text, output, part.values);
  }
}

std::string json_of(const Output& output) {
  std::string text = fmt::format("{{\"model\":{}", json_text(Json(output.served->name)));
  for (const Part& part : output.parts) {
    append_part(text, output, part);
  }
  if (!output.input.notes.empty()) {
    append_field(text, "notes", json_text(Json(output.input.notes)));
  }
  return text + "}\n";
}

// --- CSV ---

std::string csv_of_scores(const Output& output, const torch::Tensor& scores) {
  const Scoring& scoring = output.served->scoring;
  std::string text = scoring.has_threshold ? "score,verdict\n" : "score\n";
  for (int64_t i = 0; i < scores.size(0); ++i) {
    const auto score = scores[i].item<double>();
    text += fmt::format("{}{}\n", score,
                        !scoring.has_threshold                ? ""
                        : score >= scoring.detector.threshold ? ",anomaly"
                                                              : ",normal");
  }
  return text;
}

std::string csv_of_numbers(const std::vector<std::string>& columns, const torch::Tensor& values) {
  const torch::Tensor rows = values.flatten(1).to(torch::kFloat32).contiguous();
  std::string text = join(columns, ",") + "\n";
  const float* next = rows.const_data_ptr<float>();
  for (int64_t row = 0; row < rows.size(0); ++row) {
    for (int64_t column = 0; column < rows.size(1); ++column) {
      fmt::format_to(std::back_inserter(text), "{}{}", column > 0 ? "," : "", *next++);
    }
    text += "\n";
  }
  return text;
}

std::string csv_of(const Output& output) {
  const Part& part = output.parts.front();
  if (part.content == Content::kNumbers) {
    return csv_of_scores(output, part.values);
  }
  if (part.content == Content::kCodes) {
    return csv_of_numbers(numbered_columns("code", part.values.size(1)), part.values);
  }
  if (output.served->kind == ExampleKind::kRow) {
    return rows_as_csv(*output.served->schema, part.values.flatten(1));
  }
  return csv_of_numbers(numbered_columns("feature", output.served->shape().size()),
                        in_sent_units(output, part));
}

// --- pictures ---

// White is the largest value of these maps.
torch::Tensor drawn_maps(const Output& output, const torch::Tensor& maps) {
  const auto largest = std::max(maps.max().item<double>(), 1e-12);
  return heat_over(output.input.values, maps / largest);
}

torch::Tensor drawn(const Output& output) {
  const Part* maps = find_part(output, Content::kMaps);
  return maps != nullptr ? drawn_maps(output, maps->values) : output.parts.front().values;
}

std::string png_of(const Output& output) {
  const torch::Tensor pictures = drawn(output);
  if (pictures.size(0) == 1) {
    return picture_bytes(pictures[0]);
  }
  return picture_bytes(sheet_of(pictures, near_square(pictures.size(0)).columns));
}

}  // namespace

std::vector<Media> media_for(const ServedModel& served, const std::string& operation, Content first) {
  std::vector<Media> media = {Media::kJson, Media::kNpy, Media::kCsv};
  if (served.has_pictures() && (first == Content::kExamples || operation == "score")) {
    media.push_back(Media::kPng);
  }
  return media;
}

http::Response response_of(const Output& output, Media media) {
  const std::string type = name_of(media_types(), media);
  switch (media) {
    case Media::kNpy:
      return {.type = type,
              .body = npy_bytes(in_sent_units(output, output.parts.front()).to(torch::kFloat32))};
    case Media::kCsv:
      return {.type = type, .body = csv_of(output)};
    case Media::kPng:
      return {.type = type, .body = png_of(output)};
    default:
      return {.type = type, .body = json_of(output)};
  }
}

}  // namespace autoencoder::service
