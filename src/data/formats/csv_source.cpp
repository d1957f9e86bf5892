#include "data/formats/csv_source.h"

#include <utility>

#include <torch/torch.h>

#include "data/data_format.h"

namespace autoencoder {

DataSource read_csv_source(const std::filesystem::path& path, const CsvColumns& columns) {
  CsvTable table = read_csv(path, columns);
  const torch::Tensor vectors = table.values.view({table.values.size(0), 1, 1, table.values.size(1)});
  return {path.stem().string(),
          {.images = vectors,
           .labels = table.labels,
           .label_names = std::move(table.label_names),
           .responses = table.responses},
          {}};
}

namespace {

struct TableOptions : Options {
  std::string label_column;
  std::string target;

  void visit(OptionVisitor& visitor) override {
    visitor.option("label-column", label_column,
                   "column of labels in a table: its name, or its position from 0, or from -1 backwards");
    visitor.option(
        "target", target,
        "column of a table that is to be predicted (see regress), named likewise: the model does not see it");
  }
};

DataSource open_table(const SourceOptions& source) {
  const auto options = source.own<TableOptions>();
  return read_csv_source(source.data, {.label = options.label_column, .target = options.target});
}

const DataFormatRegistration csv_format({.place = DataPlace::kFile,
                                         .name = "csv",
                                         .words = {".csv", ".tsv", ".txt"},
                                         .make_options = new_options<TableOptions>,
                                         .open = open_table});

}  // namespace
}  // namespace autoencoder
