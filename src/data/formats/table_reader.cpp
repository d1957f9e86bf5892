#include "data/formats/table_reader.h"

#include <cmath>
#include <limits>
#include <utility>

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include "common/error.h"
#include "data/formats/column_encoder.h"
#include "data/formats/label_column.h"
#include "data/room.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// The second pass: cells into the tensor.
class TableFiller {
 public:
  TableFiller(const fs::path& path, const TableReading& reading, TablePlan plan)
      : plan_(std::move(plan)),
        reading_(reading),
        missing_(reading.missing),
        rows_(path, plan_.width, plan_.has_header) {
    if (plan_.label) {
      labels_.reserve(plan_.rows);
    }
  }

  TableContent fill() {
    const int64_t width = plan_.schema.layout().width();
    content_.values = room_for({plan_.rows, width}, torch::kFloat32);
    content_.responses = plan_.target ? at::empty({plan_.rows}, torch::kFloat32) : torch::Tensor();
    float* entries = content_.values.data_ptr<float>();
    if (plan_.numbers) {
      plan_.numbers->move_to(entries, plan_.number_columns);
    }
    if (!plan_.numbers || plan_.label || plan_.target) {
      read_rows(entries, width);
    }
    finish();
    return std::move(content_);
  }

 private:
  const std::vector<std::string_view>& cells() const { return rows_.lines().cells(); }

  void read_rows(float* entries, int64_t width) {
    float* response = plan_.target ? content_.responses.data_ptr<float>() : nullptr;
    for (int64_t row = 0; row < plan_.rows && rows_.next(); ++row, entries += width) {
      if (row == 0 && !plan_.numbers) {
        make_encoders();
      }
      fill_row(entries);
      if (response != nullptr) {
        *response++ = response_in_row();
      }
    }
  }

  void make_encoders() {
    const NumberWriting writing = {plan_.may_have_comma, plan_.has_points_in_thousands};
    for (const TableColumn& column : plan_.schema.columns) {
      encoders_.emplace_back(column, missing_, writing);
    }
  }

  void fill_row(float* entries) {
    size_t column = 0;
    try {
      for (size_t i = 0; i < encoders_.size(); ++i) {
        column = plan_.positions[i];
        encoders_[i].encode(cells()[column], entries);
        entries += plan_.schema.columns[i].width();
      }
    } catch (const Error& error) {
      throw failure(column, error.what());
    }
    if (plan_.label) {
      if (cells()[*plan_.label].empty()) {
        throw failure(*plan_.label, "is empty; fill it in, or remove its line");
      }
      labels_.add(cells()[*plan_.label], rows_.lines().number());
    }
  }

  float response_in_row() const {
    const std::string_view cell = cells()[*plan_.target];
    if (missing_.has(cell)) {
      throw failure(*plan_.target, fmt::format("is {}; what is to be predicted must be there: fill it in, or "
                                               "remove its line",
                                               cell.empty() ? "empty" : "'" + shown_cell(cell) + "'"));
    }
    const auto number = written_number_in(cell, plan_.may_have_comma);
    if (!number || !(std::abs(number->value) <= std::numeric_limits<float>::max())) {
      throw failure(*plan_.target,
                    fmt::format("is '{}', no number that could be predicted; correct it, or give "
                                "another --target",
                                shown_cell(cell)));
    }
    return static_cast<float>(number->value);
  }

  Error failure(size_t column, const std::string& reason) const {
    const auto& names = plan_.schema.table_columns;
    const bool has_name = plan_.has_header && !reading_.schema && column < names.size();
    return Error(fmt::format("{}: line {}, column {}{} {}", rows_.lines().path(), rows_.lines().number(),
                             column + 1, has_name ? " (" + shown_cell(names[column]) + ")" : name_of(column),
                             reason));
  }

  // Of a column of the run's, which may stand elsewhere here.
  std::string name_of(size_t column) const {
    for (size_t i = 0; plan_.has_header && i < plan_.positions.size(); ++i) {
      if (plan_.positions[i] == column) {
        return " (" + shown_cell(plan_.schema.columns[i].name) + ")";
      }
    }
    return "";
  }

  void finish() {
    content_.notes = std::move(plan_.notes);
    for (const ColumnEncoder& encoder : encoders_) {
      if (auto note = encoder.note()) {
        content_.notes.push_back(std::move(*note));
      }
    }
    if (plan_.label) {
      number_labels();
    }
    content_.schema = std::move(plan_.schema);
  }

  void number_labels() {
    labels_.check(rows_.lines().path());
    if (reading_.schema && !reading_.schema->label_names.empty()) {
      content_.label_names = reading_.schema->label_names;
      content_.labels = labels_.to_tensor(content_.label_names);
      return;
    }
    content_.labels = labels_.to_tensor();
    content_.label_names = labels_.is_whole() ? std::vector<std::string>() : labels_.names();
    plan_.schema.label_names = content_.label_names;
  }

  TablePlan plan_;
  const TableReading& reading_;
  MissingWords missing_;
  TableRows rows_;
  std::vector<ColumnEncoder> encoders_;
  LabelColumn labels_;
  TableContent content_;
};

}  // namespace

TableContent read_table(const fs::path& path, const TableReading& reading) {
  return TableFiller(path, reading, plan_table(path, reading)).fill();
}

}  // namespace autoencoder
