#include "service/json_body.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <torch/types.h>

#include "service/problem.h"

namespace autoencoder::service {
namespace {

Problem no_json(const std::string& what) { return {400, fmt::format("the body is no JSON: {}", what)}; }

// Called by the parser with what it meets, in order.
class BodyReader : public nlohmann::json_sax<Json> {
 public:
  BodyReader(const std::string& name, Null null) : name_(name), null_(null) {}

  JsonBody take() {
    if (!has_list_) {
      throw Problem(422, fmt::format(R"(the body has no list "{0}"; send [...] or {{"{0}": [...]}})", name_));
    }
    return std::move(body_);
  }

  bool null() override {
    return is_in_list() && null_ == Null::kHole ? put(std::numeric_limits<float>::quiet_NaN()) : other();
  }
  bool boolean(bool /*value*/) override { return other(); }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return number(value); }
  bool binary(binary_t& /*value*/) override { return false; }

  bool string(string_t& value) override {
    if (!is_in_list()) {
      return other();
    }
    begin_element(depth_);
    body_.texts.push_back(std::move(value));
    return true;
  }

  bool start_array(size_t /*count*/) override {
    if (is_in_list()) {
      begin_element(depth_);
    } else {
      list_depth_ = depth_ + 1;
      has_list_ = true;
    }
    ++depth_;
    return true;
  }

  bool end_array() override {
    --depth_;
    if (list_depth_ > depth_) {
      list_depth_ = 0;
    }
    return true;
  }

  bool start_object(size_t /*count*/) override {
    if (depth_ > 0) {
      throw unexpected("an object");
    }
    ++depth_;
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool key(string_t& value) override {
    if (value != name_) {
      throw Problem(
          422, fmt::format(R"(the body has {}; all that is read is "{}")", json_text(Json(value)), name_));
    }
    return true;
  }

  bool parse_error(size_t /*position*/, const std::string& /*token*/, const Json::exception& error) override {
    throw no_json(error.what());
  }

 private:
  bool is_in_list() const { return list_depth_ > 0; }

  Problem unexpected(const std::string& what) const {
    return {422, fmt::format(R"(the body has {} where "{}" is a list of numbers, or of lists of them)", what,
                             name_)};
  }

  // Of the list itself: an element.
  void begin_element(int depth) {
    if (depth == list_depth_) {
      body_.counts.push_back(0);
    }
  }

  bool number(double value) {
    if (!is_in_list()) {
      return other();
    }
    if (!(std::abs(value) <= std::numeric_limits<float>::max())) {
      throw Problem(422, fmt::format("{} is no number that 32 bits hold", value));
    }
    return put(static_cast<float>(value));
  }

  bool put(float number) {
    if (depth_ == list_depth_) {
      body_.has_bare_numbers = true;
      body_.counts.push_back(0);
    }
    body_.numbers.push_back(number);
    ++body_.counts.back();
    return true;
  }

  // What is no number of the list.
  bool other() {
    if (is_in_list()) {
      throw unexpected("something else");
    }
    return true;
  }

  const std::string& name_;
  Null null_;
  JsonBody body_;
  int depth_ = 0;
  int list_depth_ = 0;  // 0: outside of the list
  bool has_list_ = false;
};

void append_number(std::string& text, double number, bool is_single) {
  if (!std::isfinite(number)) {
    text += "null";
  } else if (is_single) {
    fmt::format_to(std::back_inserter(text), "{}", static_cast<float>(number));
  } else {
    fmt::format_to(std::back_inserter(text), "{}", number);
  }
}

// Of dimension `dimension` on; moves `next` behind what it wrote.
template <typename Number>
void append_list(std::string& text, const Number*& next, torch::IntArrayRef sizes) {
  if (sizes.empty()) {
    append_number(text, static_cast<double>(*next++), std::is_same_v<Number, float>);
    return;
  }
  text.push_back('[');
  for (int64_t i = 0; i < sizes.front(); ++i) {
    if (i > 0) {
      text.push_back(',');
    }
    append_list(text, next, sizes.slice(1));
  }
  text.push_back(']');
}

}  // namespace

JsonBody read_json_body(std::string_view body, const std::string& name, Null null) {
  BodyReader reader(name, null);
  Json::sax_parse(body, &reader);
  return reader.take();
}

Json parse_body(std::string_view body) {
  try {
    return parse_json(body, "the body");
  } catch (const Json::parse_error& error) {
    throw no_json(error.what());
  } catch (const Error& error) {
    throw Problem(400, error.what());
  }
}

void append_numbers(std::string& text, const torch::Tensor& numbers) {
  text.reserve(text.size() + static_cast<size_t>(numbers.numel()) * 8);
  if (numbers.scalar_type() == torch::kFloat32) {
    const torch::Tensor all = numbers.contiguous();
    const float* next = all.const_data_ptr<float>();
    append_list(text, next, all.sizes());
  } else {
    const torch::Tensor all = numbers.to(torch::kFloat64).contiguous();
    const double* next = all.const_data_ptr<double>();
    append_list(text, next, all.sizes());
  }
}

}  // namespace autoencoder::service
