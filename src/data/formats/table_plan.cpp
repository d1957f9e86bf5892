#include "data/formats/table_plan.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/column_scan.h"
#include "data/formats/csv_header.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using Use = ColumnFinding::Use;

// "a, b, c and 5 more"
std::string some_of(const std::vector<std::string>& names) {
  constexpr size_t kShown = 6;
  std::vector<std::string> shown;
  for (size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    shown.push_back(shown_cell(names[i]));
  }
  const std::string more = names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
  return join(shown) + more;
}

// Why a column is left out, as a user is told of it.
struct LeftOut {
  Use use;
  const char* of_one;
  const char* of_several;
  const char* reason;  // behind either
  bool can_be_kept;
};
constexpr LeftOut kReasons[] = {
    {Use::kRunningNumber, "numbers", "number", " the rows", true},
    {Use::kId, "has", "have", " another whole number in each row, as an id has", true},
    {Use::kNamesRows, "has hardly a word twice, so that it names rows and sorts",
     "have hardly a word twice, so that they name rows and sort", " nothing", true},
    {Use::kManyWords, "has", "have", " more than 1,000 different words", false},
    {Use::kConstant, "has", "have", " the same in every row", true},
    {Use::kAllMissing, "is", "are", " empty", false},
    {Use::kAmbiguousDates, "has", "have",
     " dates of which nothing tells whether the day or the month comes first (write them as 2021-04-03)",
     false},
};

// Whether a column is called as what tells rows apart: "id", "customer_id", "PassengerId", "No.".
bool names_an_id(const std::string& name) {
  static const std::set<std::string, std::less<>> kNames = {"id", "uuid", "guid", "key",    "index",
                                                            "nr", "no",   "no.",  "number", "unnamed: 0"};
  const std::string lower = lower_case(name);
  if (kNames.contains(lower)) {
    return true;
  }
  if (name.size() < 3 || !lower.ends_with("id")) {
    return false;
  }
  const auto before = static_cast<unsigned char>(name[name.size() - 3]);
  const bool starts_word = name[name.size() - 2] == 'I' && std::isupper(before) == 0;
  return starts_word || (before < 0x80 && std::isalnum(before) == 0);
}

// Whether a column's entries are the numbers in its cells.
bool is_one_number(const TableColumn& column) {
  return column.kind == ColumnKind::kNumber || column.kind == ColumnKind::kCount ||
         column.kind == ColumnKind::kYesNo;
}

// Finds from its cells what each column of a table is.
class Planner {
 public:
  Planner(const fs::path& path, const TableReading& reading)
      : path_(path),
        reading_(reading),
        missing_(reading.missing),
        head_(read_head(path, missing_, wanted_names())),
        names_(head_.names) {
    plan_.width = names_.width();
    plan_.has_header = plan_.schema.has_header = names_.has_header();
    plan_.schema.table_columns = names_.all();
    plan_.label = names_.find(reading.label, "the labels");
    plan_.target = names_.find(reading.target, "the target");
    names_.check_roles(plan_.label, plan_.target);
    numbers_ = {.has_semicolons = head_.separator == ';',
                .has_decimal_commas = head_.has_decimals_behind(','),
                .has_decimal_points = head_.has_decimals_behind('.')};
    if (head_.counts_columns) {
      plan_.notes.push_back(
          plan_.has_header
              ? "its first line counts the columns from 0, so it is taken for a header, as pandas writes it; "
                "write names above it if it is a row"
              : "its first line counts the columns from 0, but is taken for a row, as whole numbers stand "
                "below; put names in its place if it is a header");
    }
  }

  TablePlan plan() {
    find_wishes();
    const std::vector<size_t> columns = chosen_columns();
    std::vector<ColumnFinding> findings = scanned(columns);
    scan_words(columns, findings);
    for (size_t i = 0; i < columns.size(); ++i) {
      add(columns[i], findings[i]);
      if (findings[i].use == Use::kFeature) {
        plan_.number_columns.push_back(i);
      }
    }
    if (!std::ranges::all_of(plan_.schema.columns, is_one_number)) {
      plan_.numbers = nullptr;
    }
    tell();
    if (plan_.label) {
      plan_.schema.label = names_.name(*plan_.label);
    }
    if (plan_.target) {
      plan_.schema.target = names_.name(*plan_.target);
    }
    return std::move(plan_);
  }

 private:
  std::vector<std::string> wanted_names() const {
    std::vector<std::string> wanted = {reading_.label, reading_.target};
    for (const auto& list : {reading_.columns, reading_.drop, reading_.keep, keys_of(reading_.kinds)}) {
      wanted.insert(wanted.end(), list.begin(), list.end());
    }
    std::erase_if(wanted, [](const std::string& name) { return name.empty() || number_from<int64_t>(name); });
    return wanted;
  }

  std::set<size_t> found(const std::vector<std::string>& wanted, const char* role) const {
    std::set<size_t> columns;
    for (const std::string& name : wanted) {
      columns.insert(names_.find_listed(name, role));
    }
    return columns;
  }

  std::vector<size_t> chosen_columns() const {
    const std::set<size_t> only = found(reading_.columns, "--columns");
    const std::set<size_t> dropped = found(reading_.drop, "--drop");
    std::vector<size_t> columns;
    for (size_t column = 0; column < plan_.width; ++column) {
      const bool is_wanted = (only.empty() || only.contains(column)) && !dropped.contains(column);
      if (is_wanted && column != plan_.label && column != plan_.target) {
        columns.push_back(column);
      }
    }
    return columns;
  }

  void find_wishes() {
    wishes_.resize(plan_.width);
    for (const size_t column : found(reading_.keep, "--keep")) {
      wishes_[column].is_kept = true;
    }
    for (const auto& [name, kind] : reading_.kinds) {
      wishes_[names_.find_listed(name, "--column-type")].kind = kind;
    }
    for (size_t column = 0; column < plan_.width; ++column) {
      wishes_[column].is_unnamed =
          names_.has_header() && names_.name(column) == fmt::format("column {}", column);
      wishes_[column].is_named_id = names_.has_header() && names_an_id(names_.name(column));
    }
  }

  std::vector<ColumnFinding> scanned(const std::vector<size_t>& columns) {
    std::vector<ColumnScan> scans;
    for (const size_t column : columns) {
      scans.emplace_back(missing_, wishes_[column]);
    }
    TableRows rows(path_, plan_.width, plan_.has_header);
    std::vector<float> passed_over(columns.size());
    plan_.numbers = std::make_shared<NumberBlocks>(columns.size());
    for (plan_.rows = 0; rows.next(); ++plan_.rows) {
      float* numbers = plan_.numbers ? plan_.numbers->add_row() : passed_over.data();
      for (size_t i = 0; i < columns.size(); ++i) {
        numbers[i] = scans[i].add(rows.lines().cells()[columns[i]], rows.lines().number());
      }
      if (plan_.numbers && !std::ranges::all_of(scans, &ColumnScan::is_of_numbers)) {
        plan_.numbers = nullptr;
      }
    }
    note_decimals(scans);
    std::vector<ColumnFinding> findings;
    for (size_t i = 0; i < columns.size(); ++i) {
      try {
        findings.push_back(scans[i].find(columns[i], names_.name(columns[i]), plan_.has_header, numbers_));
      } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path_.string(), error.what()));
      }
    }
    return findings;
  }

  void note_decimals(const std::vector<ColumnScan>& scans) {
    numbers_.has_decimal_commas |= std::ranges::any_of(scans, &ColumnScan::has_decimal_commas);
    numbers_.has_decimal_points |= std::ranges::any_of(scans, &ColumnScan::has_decimal_points);
    plan_.may_have_comma = numbers_.has_semicolons || numbers_.has_decimal_commas;
  }

  void scan_words(const std::vector<size_t>& columns, std::vector<ColumnFinding>& findings) {
    std::vector<size_t> open;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (findings[i].use == Use::kNeedsWords) {
        wishes_[columns[i]].collects_words = true;
        open.push_back(columns[i]);
      }
    }
    if (open.empty()) {
      return;
    }
    const std::vector<ColumnFinding> known = scanned(open);
    for (size_t i = 0; i < columns.size(); ++i) {
      const auto at = std::ranges::find(open, columns[i]);
      findings[i] = at == open.end() ? findings[i] : known[static_cast<size_t>(at - open.begin())];
    }
  }

  void add(size_t column, const ColumnFinding& finding) {
    if (finding.use == Use::kFeature) {
      plan_.schema.columns.push_back(finding.column);
      plan_.positions.push_back(column);
      return;
    }
    // What a separator at every line's end makes is no column.
    const bool is_last = column + 1 == plan_.width && finding.use == Use::kAllMissing;
    if (!is_last || (names_.has_header() && !wishes_[column].is_unnamed)) {
      left_out_[finding.use].push_back(names_.name(column));
    }
  }

  void tell() {
    for (const LeftOut& reason : kReasons) {
      const auto found = left_out_.find(reason.use);
      if (found == left_out_.end()) {
        continue;
      }
      const std::vector<std::string>& names = found->second;
      plan_.notes.push_back(fmt::format("left out: {}, which {}{}{}", some_of(names),
                                        names.size() == 1 ? reason.of_one : reason.of_several, reason.reason,
                                        reason.can_be_kept
                                            ? fmt::format("; --keep {} keeps {}", as_option(names[0]),
                                                          names.size() == 1 ? "it" : "the first")
                                            : ""));
    }
    if (plan_.positions.empty()) {
      throw Error(fmt::format(
          "{}: no column is left to learn from besides those of labels and target; {}", path_.string(),
          plan_.notes.empty() ? "add columns, or leave --drop, --label-column or --target out"
                              : join(plan_.notes, "; ")));
    }
  }

  fs::path path_;
  const TableReading& reading_;
  MissingWords missing_;
  TableHead head_;
  ColumnNames names_;
  TablePlan plan_;
  TableNumbers numbers_;
  std::vector<ColumnWish> wishes_;  // of each column of the table
  std::map<Use, std::vector<std::string>> left_out_;
};

// Finds the columns that are known already.
class Matcher {
 public:
  Matcher(const fs::path& path, const TableReading& reading)
      : path_(path),
        reading_(reading),
        missing_(reading.missing),
        head_(read_head(path, missing_, schema_names())),
        names_(head_.names) {
    plan_.width = names_.width();
    plan_.has_header = names_.has_header();
    plan_.schema = *reading.schema;
    plan_.may_have_comma = head_.may_have_comma();
    plan_.has_points_in_thousands = head_.has_decimals_behind(',');
  }

  TablePlan plan() {
    if (plan_.has_header) {
      match_names();
    } else {
      match_positions();
    }
    find_role(plan_.label, reading_.label, plan_.schema.label, "the labels");
    find_role(plan_.target, reading_.target, plan_.schema.target, "the target");
    names_.check_roles(plan_.label, plan_.target);
    write_as_this_table();
    count_rows();
    return std::move(plan_);
  }

 private:
  std::vector<std::string> schema_names() const {
    std::vector<std::string> names;
    for (const TableColumn& column : reading_.schema->columns) {
      names.push_back(column.name);
    }
    return names;
  }

  void match_names() {
    for (const std::string& name : schema_names()) {
      const auto column = names_.with_name(name);
      if (!column) {
        throw names_.unknown(name, "what the run has learned from");
      }
      plan_.positions.push_back(*column);
    }
    std::vector<std::string> unknown;
    for (const std::string& name : names_.all()) {
      const auto& known = plan_.schema.table_columns;
      if (std::ranges::count(known, name) == 0 && std::ranges::count(schema_names(), name) == 0 &&
          name != reading_.label && name != reading_.target) {
        unknown.push_back(name);
      }
    }
    if (!unknown.empty()) {
      plan_.notes.push_back(
          fmt::format("passed over: {}, which the run has not learned from", some_of(unknown)));
    }
  }

  // Without a header: the same columns in the same places, or the run's features alone.
  void match_positions() {
    const std::vector<std::string>& all = plan_.schema.table_columns;
    const std::vector<std::string> features = schema_names();
    if (plan_.width != all.size() && plan_.width != features.size()) {
      throw Error(
          fmt::format("{}: {} columns without a header, but the run's table has {} ({}); give it that "
                      "header, or these columns",
                      path_.string(), plan_.width, all.size(), some_of(all)));
    }
    places_ = plan_.width == all.size() ? all : features;
    for (const std::string& name : features) {
      plan_.positions.push_back(static_cast<size_t>(std::ranges::find(places_, name) - places_.begin()));
    }
  }

  // What is not there is not missed.
  void find_role(std::optional<size_t>& place, const std::string& wanted, std::string& known,
                 const char* role) const {
    if (!wanted.empty()) {
      place = names_.find(wanted, role);
      return;
    }
    if (known.empty()) {
      return;
    }
    if (plan_.has_header) {
      place = names_.with_name(known);
    } else if (const auto at = std::ranges::find(places_, known); at != places_.end()) {
      place = static_cast<size_t>(at - places_.begin());
    }
  }

  // What is to stand in this table's cells is to look like those around it.
  void write_as_this_table() {
    const bool has_commas = head_.has_decimals_behind(',');
    const bool has_points = head_.has_decimals_behind('.') || head_.separator == ',';
    for (size_t i = 0; i < plan_.positions.size(); ++i) {
      TableColumn& column = plan_.schema.columns[i];
      column.shown_format = column.time_format.starts_with('@') ? "" : head_.time_formats[plan_.positions[i]];
      const char mark = head_.decimal_marks[plan_.positions[i]];
      if (mark != '\0') {
        column.has_comma = mark == ',';
      } else if (has_commas || has_points) {
        column.has_comma = has_commas;
      }
    }
  }

  void count_rows() {
    TableRows rows(path_, plan_.width, plan_.has_header);
    bool has_labels = false;
    bool has_targets = false;
    for (plan_.rows = 0; rows.next(); ++plan_.rows) {
      const auto& cells = rows.lines().cells();
      has_labels = has_labels || (plan_.label && !cells[*plan_.label].empty());
      has_targets = has_targets || (plan_.target && !missing_.has(cells[*plan_.target]));
    }
    plan_.label = has_labels ? plan_.label : std::nullopt;
    plan_.target = has_targets ? plan_.target : std::nullopt;
  }

  fs::path path_;
  const TableReading& reading_;
  MissingWords missing_;
  TableHead head_;
  ColumnNames names_;
  TablePlan plan_;
  std::vector<std::string> places_;  // names of the columns, of a table without a header
};

}  // namespace

TableRows::TableRows(const fs::path& path, size_t width, bool has_header) : lines_(path), width_(width) {
  if (has_header && lines_.next() && lines_.cells().size() == width) {
    header_.assign(lines_.cells().begin(), lines_.cells().end());
    header_line_ = lines_.number();
  }
}

bool TableRows::next() {
  if (!lines_.next()) {
    return false;
  }
  lines_.check_width(width_);
  if (repeats_header()) {
    throw Error(fmt::format("{}: line {} repeats the header in line {}; delete it", lines_.path(),
                            lines_.number(), header_line_));
  }
  return true;
}

bool TableRows::repeats_header() const {
  return !header_.empty() && std::ranges::equal(header_, lines_.cells());
}

TablePlan plan_table(const fs::path& path, const TableReading& reading) {
  return reading.schema ? Matcher(path, reading).plan() : Planner(path, reading).plan();
}

}  // namespace autoencoder
