#include "tasks/impute.h"

#include <functional>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/corruption.h"
#include "data/formats/csv_rewriter.h"
#include "data/formats/csv_source.h"
#include "evaluation/column_figures.h"
#include "evaluation/evaluate.h"
#include "evaluation/imputation.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr double kMostDraws = 1000;

// A table as the run's model takes it.
struct OpenTable {
  SourceOptions source;
  DescribedData data;
  std::vector<std::string> notes;

  const TableSchema& schema() const { return *data.examples.schema; }
};

OpenTable open_table(const OpenRun& run, const ImputeRequest& request) {
  if (run.saved.schema.is_null()) {
    throw Error(fmt::format("{} has not learned from a table (.csv), so there are no columns to fill",
                            run.directory.path().string()));
  }
  const RunSource source(run, request.table);
  OpenTable table = {source.options(), source.select("all"), source.notes()};
  if (table.data.examples.schema == nullptr) {
    throw Error(fmt::format("{}: no table (.csv), which alone can be filled", request.table.data));
  }
  return table;
}

// N x W, in the data's range, on the CPU.
torch::Tensor rows_of(const Dataset& data) { return data.images.all().flatten(1); }

// What `fill` makes of rows, some at a time: N x W.
torch::Tensor filled_rows(Autoencoder& model, const torch::Tensor& rows,
                          const std::function<torch::Tensor(const torch::Tensor&)>& fill) {
  const Dataset data = {
      .images = rows.view({rows.size(0), 1, 1, rows.size(1)}), .labels = {}, .label_names = {}};
  return for_all_examples(model, data, fill).flatten(1).to(torch::kFloat32);
}

torch::Tensor expected_rows(Autoencoder& model, const torch::Tensor& rows) {
  return filled_rows(model, rows, [&](const torch::Tensor& some) { return fill_holes(model, some); });
}

torch::Tensor drawn_rows(Autoencoder& model, const torch::Tensor& rows, const at::Generator& rng) {
  return filled_rows(model, rows, [&](const torch::Tensor& some) { return draw_holes(model, some, rng); });
}

// "full.csv" -> "full-2.csv"
fs::path numbered(const fs::path& path, int64_t number) {
  fs::path numbered = path;
  return numbered.replace_filename(
      fmt::format("{}-{}{}", path.stem().string(), number, path.extension().string()));
}

void write_filled(const OpenTable& table, const fs::path& out, const torch::Tensor& filled) {
  const std::vector<TableColumn>& columns = table.schema().columns;
  const std::vector<int64_t> first = table.schema().layout().first_entries();
  const torch::Tensor rows = filled.contiguous();
  rewrite_holes(table.source.data, out, table_reading(table.source), [&](int64_t row, int64_t column) {
    const auto place = static_cast<size_t>(column);
    const float* entries = rows.const_data_ptr<float>() + row * rows.size(1) + first[place];
    return cell_text(columns[place], entries);
  });
}

void check_request(const ImputeRequest& request) {
  if (request.draws > 0 && request.hide > 0) {
    throw UsageError("--draws and --hide are both given; what is hidden is judged by what is expected there");
  }
  if (request.out.ends_with(".gz")) {
    throw UsageError(
        fmt::format("--out is {}; the table is written as text, so let its name end in .csv", request.out));
  }
}

void check_draws(const OpenRun& run, const ImputeRequest& request) {
  Generative* generative = run.model().generative();
  if (request.draws > 0 && (generative == nullptr || !generative->has_likelihood())) {
    throw Error(
        "draws are made of a model with a prior and a likelihood, such as vae; leave --draws away with this "
        "one");
  }
}

ImputeResult judge_hidden(const OpenRun& run, const OpenTable& table, const ImputeRequest& request) {
  const torch::Tensor rows = rows_of(table.data.examples);
  const Corruption hiding =
      Corruption(fmt::format("holes:{}", request.hide)).of(run.model().row_layout(), {});
  const auto rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "hidden"));
  const torch::Tensor hidden = hiding.apply(rows, rng);
  const RowLayout layout = table.schema().layout();
  const torch::Tensor judged = holes_in(layout, hidden).logical_and(holes_in(layout, rows).logical_not());
  ImputeResult result;
  result.filled = judged.sum().item<int64_t>();
  result.figures = column_figures(table.schema(), rows, expected_rows(run.model(), hidden), judged);
  return result;
}

ImputeResult fill_table(const OpenRun& run, const OpenTable& table, const ImputeRequest& request,
                        Progress& progress) {
  const torch::Tensor rows = rows_of(table.data.examples);
  ImputeResult result;
  result.filled = holes_in(table.schema().layout(), rows).sum().item<int64_t>();
  if (result.filled == 0) {
    throw Error(fmt::format(
        "{}: no holes, so there is nothing to fill; --hide 0.2 tells how well they would be filled",
        request.table.data));
  }
  const fs::path out = run.output_path(request.out, "imputed.csv");
  progress.begin("filling", std::max<int64_t>(request.draws, 1));
  if (request.draws == 0) {
    write_filled(table, out, expected_rows(run.model(), rows));
    progress.advance(1);
    result.out = {out};
    return result;
  }
  const auto rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "draws"),
                                  run.model().parameters().front().device());
  for (int64_t draw = 1; draw <= request.draws; ++draw) {
    result.out.push_back(numbered(out, draw));
    write_filled(table, result.out.back(), drawn_rows(run.model(), rows, rng));
    progress.advance(1);
  }
  return result;
}

Json json_of(const ColumnFigure& figure) {
  return {{"name", figure.name},
          {"measure", figure.is_share ? "accuracy" : "rmse"},
          {"value", figure.value},
          {"baseline", figure.baseline},
          {"cells", figure.cells}};
}

}  // namespace

void ImputeRequest::visit(OptionVisitor& visitor) {
  visitor.group("Table");
  visitor.option(
      "out", out,
      "the table to write; the default is RUN/imputed.csv; with --draws a number comes before its ending");
  visitor.option(
      "draws", draws,
      "so many tables with values drawn as likely as they are, for multiple imputation; 0: one, with "
      "what is expected",
      between(0, kMostDraws));
  visitor.option(
      "hide", hide,
      "hide this share of the cells that are there, and tell how well they are filled; nothing is written",
      fraction());
  visitor.option("seed", seed, "of what is drawn and hidden");
  double_precision.visit(visitor);
  RunRequest::visit(visitor);
}

std::optional<double> ImputeResult::mean_relative_error() const {
  double sum = 0;
  int64_t count = 0;
  for (const ColumnFigure& figure : figures) {
    if (!figure.is_share && figure.spread > 0) {
      sum += figure.value / figure.spread;
      ++count;
    }
  }
  return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
}

Json ImputeResult::to_json() const {
  Json json = {{"rows", rows}, {"filled", filled}, {"out", Json::array()}, {"columns", Json::array()}};
  for (const fs::path& path : out) {
    json["out"].push_back(path.string());
  }
  for (const ColumnFigure& figure : figures) {
    json["columns"].push_back(json_of(figure));
  }
  if (const auto error = mean_relative_error()) {
    json["relative-rmse"] = *error;
  }
  return json;
}

ImputeResult impute_table(const ImputeRequest& request, Progress& progress) {
  check_request(request);
  OpenRun run = open_requested(request);
  const auto precision = request.double_precision.applied_to(run);
  check_draws(run, request);
  const OpenTable table = open_table(run, request);
  ImputeResult result =
      request.hide > 0 ? judge_hidden(run, table, request) : fill_table(run, table, request, progress);
  result.rows = table.data.examples.size();
  result.notes = table.notes;
  return result;
}

}  // namespace autoencoder
