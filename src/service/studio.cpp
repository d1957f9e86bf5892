#include "service/studio.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/base64.h"
#include "common/random.h"
#include "data/classes.h"
#include "data/table_schema.h"
#include "evaluation/code_distribution.h"
#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/near_square.h"
#include "service/json_body.h"
#include "service/problem.h"
#include "service/words.h"
#include "tasks/latent.h"

namespace autoencoder::service {
namespace {

constexpr size_t kMostOrders = 16;
constexpr int64_t kUsualCount = 1000;
constexpr int64_t kMostCount = 5000;

struct MapOrder {
  std::shared_ptr<const ServedModel> served;
  MapMethod method = MapMethod::kAuto;
  int64_t count = kUsualCount;

  std::string key() const {
    return fmt::format("{} {} {}", served->name, name_of(map_methods(), method), count);
  }
};

MapOrder order_of(const Shelf& shelf, const Call& call) {
  MapOrder order = {shelf.find(call.words[0])};
  const Words words(call.request);
  const std::string method = words.text("method", "auto");
  const auto known = find_choice(map_methods(), method);
  if (!known) {
    throw Problem(422, fmt::format("method is '{}'; it must be auto, code, pca or tsne", method));
  }
  order.method = *known;
  order.count = words.whole("count", kUsualCount, 2, kMostCount);
  return order;
}

// Nothing where they cannot be read: why, with paths of this machine, is not for those who ask.
std::optional<DescribedData> data_of(const ServedModel& served, const std::string& data_dir) {
  try {
    SourceOptions source;
    source.data = "";
    source.data_dir = data_dir;
    return RunSource(served.run, source).select("");
  } catch (const Error&) {
    return std::nullopt;
  }
}

http::Response empty_map(const MapOrder& order) {
  const Json map = {
      {"method", name_of(map_methods(), order.method)},
      {"text", fmt::format("the data of {} cannot be read where it is served: start the service with "
                           "--data-dir",
                           order.served->name)},
      {"data", ""},
      {"points", Json::array()},
      {"codes", Json::array()}};
  return {.body = json_text(map) + "\n"};
}

// Pictures side by side.
Json sheet_json(const torch::Tensor& pictures) {
  const int64_t columns = near_square(pictures.size(0)).columns;
  return {{"source", "data:image/png;base64," + base64(picture_bytes(sheet_of(pictures, columns)))},
          {"columns", columns},
          {"height", pictures.size(2)},
          {"width", pictures.size(3)}};
}

Json rows_json(const TableSchema& schema, const torch::Tensor& examples) {
  const torch::Tensor rows = examples.flatten(1).contiguous();
  Json json = Json::array();
  for (int64_t row = 0; row < rows.size(0); ++row) {
    json.push_back(cells_of(schema, rows[row].const_data_ptr<float>()));
  }
  return json;
}

void add_numbers(std::string& text, const char* name, const torch::Tensor& numbers) {
  text += fmt::format(",\"{}\":", name);
  append_numbers(text, numbers);
}

void add_examples(std::string& text, const ServedModel& served, const Dataset& data) {
  if (served.has_pictures()) {
    text += ",\"sheet\":" + sheet_json(data.images.all()).dump();
  } else if (served.kind == ExampleKind::kRow) {
    text += ",\"rows\":" + json_text(rows_json(*served.schema, to_unit_range(data.images.all())));
  } else {
    const torch::Tensor examples = to_unit_range(data.images.all());
    add_numbers(text, "examples", served.shape().is_vector() ? examples.flatten(1) : examples);
  }
}

void add_labels(std::string& text, const Dataset& data) {
  if (data.labels.defined()) {
    const Classes classes = number_classes(data.labels, data.label_names);
    add_numbers(text, "labels", classes.numbers);
    text += ",\"label_names\":" + json_text(Json(classes.names));
  }
}

// The usual one, or what so few examples allow.
double perplexity_for(int64_t examples) {
  return std::min(MapChoice().perplexity, static_cast<double>(examples) / 4);
}

http::Response drawn_map(const MapOrder& order, const std::string& data_dir) {
  const torch::NoGradGuard no_grad;
  const ServedModel& served = *order.served;
  const std::optional<DescribedData> data = data_of(served, data_dir);
  if (!data) {
    return empty_map(order);
  }
  const at::Generator rng = make_generator(derive_seed(0, "latent"));
  const Dataset some =
      chosen_examples(data->examples, random_positions(data->examples.size(), order.count, rng));
  const torch::Tensor codes = encode_all(served.model(), some);
  const LatentMap map =
      map_codes_by(codes, {.method = order.method, .perplexity = perplexity_for(codes.size(0))});
  std::string text =
      fmt::format(R"({{"method":"{}","text":{},"data":{})", name_of(map_methods(), order.method),
                  Json(map.text).dump(), json_text(Json(data->text)));
  add_numbers(text, "points", map.points);
  add_numbers(text, "codes", codes);
  add_labels(text, some);
  add_examples(text, served, some);
  return {.body = text + "}\n"};
}

}  // namespace

Studio::Studio(const Shelf& shelf, std::string data_dir, std::function<void()> prepare)
    : shelf_(shelf), data_dir_(std::move(data_dir)), thread_([this, prepare = std::move(prepare)] {
        prepare();
        work();
      }) {}

Studio::~Studio() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  has_changed_.notify_all();
}

std::vector<Route> Studio::routes() {
  return {{"GET", "/v1/models/{name}/map",
           [this](const Call& call, const http::Reply& reply) { draw(call, reply); }}};
}

void Studio::draw(const Call& call, const http::Reply& reply) {
  const MapOrder order = order_of(shelf_, call);
  const std::lock_guard lock(mutex_);
  if (orders_.size() >= kMostOrders) {
    throw Problem(429, "several maps are waited for already; try again later", {{"Retry-After", "5"}});
  }
  orders_.push_back([this, order, reply] {
    auto& [served, response] = drawn_[order.key()];
    if (served.lock() != order.served) {
      response = answered([&] { return drawn_map(order, data_dir_); });
      served = order.served;
    }
    reply([response = response] { return response; });
  });
  has_changed_.notify_all();
}

void Studio::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_changed_.wait(lock, [&] { return is_stopping_ || !orders_.empty(); });
    if (is_stopping_) {
      return;
    }
    const std::function<void()> order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    order();
    lock.lock();
  }
}

}  // namespace autoencoder::service
