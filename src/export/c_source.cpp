#include "export/c_source.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/version.h"
#include "export/graph_check.h"
#include "export/tracing.h"

namespace autoencoder {
namespace {

// --- what of the graph is a weight ---

bool is_weighted(const OperatorNode& node) {
  return node.type == "Gemm" || node.type == "Conv" || node.type == "ConvTranspose";
}

// The axis of a weight that counts outputs.
int64_t output_axis(const OperatorNode& node) {
  if (node.type == "Gemm") {
    const auto turned = node.attributes.find("transB");
    return turned != node.attributes.end() && std::get<int64_t>(turned->second) == 1 ? 0 : 1;
  }
  return node.type == "Conv" ? 0 : 1;
}

// A weight as whole numbers, and what each output's are multiplied by.
struct RoundedWeight {
  torch::Tensor numbers;  // float32, whole, -127 to 127
  torch::Tensor scale;    // of each output, as it multiplies them
};

RoundedWeight rounded(const torch::Tensor& weight, int64_t axis) {
  std::vector<int64_t> others;
  for (int64_t i = 0; i < weight.dim(); ++i) {
    if (i != axis) {
      others.push_back(i);
    }
  }
  const torch::Tensor scale = weight.abs().amax(others, /*keepdim=*/true).clamp_min(1e-30) / 127;
  return {(weight / scale).round(), scale};
}

// --- the text ---

// Functions that are written where a node needs them. NAME {SCALE} becomes a factor where weights are whole
// numbers.
struct Kernel {
  const char* name;
  const char* text;
};

const std::vector<Kernel>& kernels() {
  static const std::vector<Kernel> kKernels = {
      {"dense",
       R"(static void dense(const float *x, float *y, const weight *w, const float *bias@PARAMETER, int inputs, int outputs) {
  for (int o = 0; o < outputs; ++o) {
    float sum = 0;
    for (int i = 0; i < inputs; ++i) {
      sum += (float)w[(long)o * inputs + i] * x[i];
    }
    y[o] = sum@FACTOR + (bias ? bias[o] : 0);
  }
}
)"},
      {"convolve",
       R"(static void convolve(const float *x, float *y, const weight *w, const float *bias@PARAMETER, int channels, int height, int width,
                     int outputs, int out_height, int out_width, int kernel_height, int kernel_width, int stride, int padding) {
  for (int o = 0; o < outputs; ++o) {
    for (int row = 0; row < out_height; ++row) {
      for (int column = 0; column < out_width; ++column) {
        float sum = 0;
        for (int c = 0; c < channels; ++c) {
          for (int down = 0; down < kernel_height; ++down) {
            const int from_row = row * stride + down - padding;
            for (int right = 0; right < kernel_width && from_row >= 0 && from_row < height; ++right) {
              const int from_column = column * stride + right - padding;
              if (from_column >= 0 && from_column < width) {
                sum += (float)w[((o * channels + c) * kernel_height + down) * kernel_width + right] *
                       x[(c * height + from_row) * width + from_column];
              }
            }
          }
        }
        y[(o * out_height + row) * out_width + column] = sum@FACTOR + (bias ? bias[o] : 0);
      }
    }
  }
}
)"},
      {"convolve_back",
       R"(static void convolve_back(const float *x, float *y, const weight *w, const float *bias@PARAMETER, int channels, int height,
                          int width, int outputs, int out_height, int out_width, int kernel_height, int kernel_width, int stride,
                          int padding) {
  for (int o = 0; o < outputs; ++o) {
    float *plane = y + (long)o * out_height * out_width;
    for (int i = 0; i < out_height * out_width; ++i) {
      plane[i] = 0;
    }
    for (int c = 0; c < channels; ++c) {
      for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column) {
          for (int down = 0; down < kernel_height; ++down) {
            const int to_row = row * stride + down - padding;
            for (int right = 0; right < kernel_width && to_row >= 0 && to_row < out_height; ++right) {
              const int to_column = column * stride + right - padding;
              if (to_column >= 0 && to_column < out_width) {
                plane[to_row * out_width + to_column] += x[(c * height + row) * width + column] *
                    (float)w[((c * outputs + o) * kernel_height + down) * kernel_width + right];
              }
            }
          }
        }
      }
    }
    for (int i = 0; i < out_height * out_width; ++i) {
      plane[i] = plane[i]@FACTOR + (bias ? bias[o] : 0);
    }
  }
}
)"},
      {"largest",
       R"(static void largest(const float *x, float *y, int channels, int height, int width, int out_height, int out_width, int kernel,
                    int stride, int padding) {
  for (int c = 0; c < channels; ++c) {
    for (int row = 0; row < out_height; ++row) {
      for (int column = 0; column < out_width; ++column) {
        float most = -INFINITY;
        for (int down = 0; down < kernel; ++down) {
          for (int right = 0; right < kernel; ++right) {
            const int from_row = row * stride + down - padding, from_column = column * stride + right - padding;
            if (from_row >= 0 && from_row < height && from_column >= 0 && from_column < width) {
              most = fmaxf(most, x[(c * height + from_row) * width + from_column]);
            }
          }
        }
        y[(c * out_height + row) * out_width + column] = most;
      }
    }
  }
}
)"},
      {"enlarge",
       R"(static void enlarge(const float *x, float *y, int channels, int height, int width, int out_height, int out_width) {
  for (int c = 0; c < channels; ++c) {
    for (int row = 0; row < out_height; ++row) {
      for (int column = 0; column < out_width; ++column) {
        y[(c * out_height + row) * out_width + column] =
            x[(c * height + row * height / out_height) * width + column * width / out_width];
      }
    }
  }
}
)"},
      {"normalise",
       R"(static void normalise(const float *x, float *y, const float *scale, const float *bias, const float *mean, const float *variance,
                      float epsilon, int channels, int numbers) {
  for (int c = 0; c < channels; ++c) {
    for (int i = 0; i < numbers; ++i) {
      y[c * numbers + i] = (x[c * numbers + i] - mean[c]) / sqrtf(variance[c] + epsilon) * scale[c] + bias[c];
    }
  }
}
)"},
      {"cut",
       R"(static void cut(const float *x, float *y, int before, int size, int after, int start, int end) {
  for (int i = 0; i < before; ++i) {
    for (int j = start; j < end; ++j) {
      for (int k = 0; k < after; ++k) {
        y[(i * (end - start) + j - start) * after + k] = x[(i * size + j) * after + k];
      }
    }
  }
}
)"}};
  return kKernels;
}

// What becomes of each number x, by operator.
const std::map<std::string, std::string>& functions() {
  static const std::map<std::string, std::string> kFunctions = {{"Relu", "x > 0 ? x : 0"},
                                                                {"Sigmoid", "1 / (1 + expf(-x))"},
                                                                {"Tanh", "tanhf(x)"},
                                                                {"Softplus", "x > 20 ? x : log1pf(expf(x))"},
                                                                {"Erf", "erff(x)"},
                                                                {"Exp", "expf(x)"},
                                                                {"LeakyRelu", "x > 0 ? x : {alpha} * x"},
                                                                {"Elu", "x > 0 ? x : {alpha} * expm1f(x)"}};
  return kFunctions;
}

const std::map<std::string, char>& arithmetic() {
  static const std::map<std::string, char> kSigns = {{"Add", '+'}, {"Sub", '-'}, {"Mul", '*'}, {"Div", '/'}};
  return kSigns;
}

std::string float_text(double number) {
  return fmt::format("{:.9g}{}f", number, number == std::floor(number) && std::abs(number) < 1e9 ? ".0" : "");
}

std::string c_name(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
  return "v_" + name;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t place = 0; (place = text.find(what, place)) != std::string::npos; place += by.size()) {
    text.replace(place, what.size(), by);
  }
  return text;
}

class Writer {
 public:
  Writer(const OperatorGraph& graph, CWeights weights) : graph_(graph), is_int8_(weights == CWeights::kInt8) {
    find_last_uses();
    places_[graph.input] = graph.input;
    for (const std::string& output : graph.outputs) {
      places_[output] = output;
    }
  }

  std::string text() {
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      position_ = i;
      write(graph_.nodes[i]);
    }
    return head() + constants_ + "\n" + used_kernels() + function();
  }

 private:
  // --- where values lie ---

  void find_last_uses() {
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      for (const std::string& input : graph_.nodes[i].inputs) {
        last_use_[input] = i;
      }
    }
  }

  bool is_constant(const std::string& name) const { return graph_.constants.contains(name); }

  int64_t size_of(const std::string& name) const { return graph_.shapes.at(name).numel(); }
  int64_t size_of(const std::string& name, size_t axis) const {
    return graph_.shapes.at(name).of_one.at(axis);
  }

  // The C expression of a value.
  std::string place_of(const std::string& name) const { return places_.at(name); }

  // Room for the output of the present node: free again once it was read for the last time.
  std::string room_for(const std::string& name) {
    if (const auto known = places_.find(name); known != places_.end()) {
      return known->second;
    }
    std::erase_if(taken_, [&](const Room& room) { return room.last_use < position_; });
    const int64_t size = size_of(name);
    int64_t start = 0;
    for (const Room& room : taken_) {  // in order
      if (start + size <= room.start) {
        break;
      }
      start = std::max(start, room.start + room.size);
    }
    const auto after = std::ranges::find_if(taken_, [&](const Room& room) { return room.start > start; });
    taken_.insert(after, {start, size, last_use_of(name)});
    arena_ = std::max(arena_, start + size);
    return places_[name] = fmt::format("arena + {}", start);
  }

  // A value that another name stands for, too, lives as long as that.
  size_t last_use_of(const std::string& name) const {
    size_t last = last_use_.contains(name) ? last_use_.at(name) : position_;
    for (const OperatorNode& node : graph_.nodes) {
      if ((node.type == "Reshape" || node.type == "Identity") && node.inputs[0] == name) {
        const bool is_output = std::ranges::find(graph_.outputs, node.outputs[0]) != graph_.outputs.end();
        last = std::max(last, is_output ? graph_.nodes.size() : last_use_of(node.outputs[0]));
      }
    }
    return last;
  }

  // --- constants ---

  template <typename Number>
  static std::string numbers_text(const torch::Tensor& values,
                                  const std::function<std::string(Number)>& as_text) {
    const torch::Tensor all = values.flatten().to(torch::CppTypeToScalarType<Number>::value).contiguous();
    std::string text;
    for (int64_t i = 0; i < all.numel(); ++i) {
      text += (i % 12 == 0 ? "\n  " : " ") + as_text(all.const_data_ptr<Number>()[i]) + ",";
    }
    return text;
  }

  void declare(const std::string& type, const std::string& name, const torch::Tensor& values) {
    const std::function<std::string(float)> number = float_text;
    const std::function<std::string(int64_t)> whole = [](int64_t value) { return std::to_string(value); };
    constants_ += fmt::format(
        "static const {} {}[{}] = {{{}\n}};\n", type, name, values.numel(),
        type != "int8_t" ? numbers_text<float>(values, number) : numbers_text<int64_t>(values, whole));
  }

  std::string constant(const std::string& name) {
    const std::string declared = c_name(name);
    if (declared_.insert(name).second) {
      declare("float", declared, graph_.constants.at(name));
    }
    return declared;
  }

  // The weight of a node, and its scale where it has one: as arguments. `turned`: as rows of outputs.
  std::string weight_arguments(const OperatorNode& node, bool is_turned) {
    const std::string& name = node.inputs[1];
    const torch::Tensor weight = graph_.constants.at(name);
    const int64_t axis = output_axis(node);
    const auto in_order = [&](const torch::Tensor& values) {
      return is_turned && axis == 1 ? values.t() : values;
    };
    const std::string bias = node.inputs.size() > 2 ? constant(node.inputs[2]) : "0";
    const bool is_new = declared_.insert(name).second;
    if (!is_int8_) {
      if (is_new) {
        declare("weight", c_name(name), in_order(weight));
      }
      return fmt::format("{}, {}", c_name(name), bias);
    }
    const RoundedWeight its = rounded(weight, axis);
    if (is_new) {
      declare("int8_t", c_name(name), in_order(its.numbers));
      declare("float", c_name(name) + "_scale", its.scale.flatten());
    }
    return fmt::format("{0}, {1}, {0}_scale", c_name(name), bias);
  }

  // --- nodes ---

  Error unknown(const std::string& what) const {
    return Error(fmt::format(
        "C is written of dense and convolutional models, and this one computes {}; export it as ONNX", what));
  }

  void call(const std::string& kernel, const std::string& arguments) {
    used_.insert(kernel);
    body_ += fmt::format("  {}({});\n", kernel, arguments);
  }

  void write(const OperatorNode& node) {
    const std::string& output = node.outputs.front();
    if (node.type == "Reshape" || node.type == "Identity") {
      rename(node);
    } else if (functions().contains(node.type)) {
      each(node);
    } else if (arithmetic().contains(node.type)) {
      combine(node);
    } else if (node.type == "Gemm") {
      const std::string& input = node.inputs[0];
      call("dense", fmt::format("{}, {}, {}, {}, {}", place_of(input), room_for(output),
                                weight_arguments(node, true), size_of(input), size_of(output)));
    } else if (is_weighted(node)) {
      convolve(node);
    } else if (node.type == "MaxPool") {
      pool(node);
    } else if (node.type == "Resize") {
      enlarge(node);
    } else if (node.type == "BatchNormalization") {
      normalise(node);
    } else if (node.type == "Slice") {
      cut(node);
    } else {
      throw unknown(node.type);
    }
  }

  // The same numbers under another name; copied where that is an output.
  void rename(const OperatorNode& node) {
    const std::string& output = node.outputs.front();
    const std::string from =
        is_constant(node.inputs[0]) ? constant(node.inputs[0]) : place_of(node.inputs[0]);
    if (!places_.contains(output)) {
      places_[output] = from;
      return;
    }
    loop(size_of(output), fmt::format("({})[i] = ({})[i];", place_of(output), from));
  }

  void loop(int64_t count, const std::string& statement) {
    body_ += fmt::format("  for (int i = 0; i < {}; ++i) {{\n    {}\n  }}\n", count, statement);
  }

  void each(const OperatorNode& node) {
    const auto alpha = node.attributes.find("alpha");
    const std::string formula =
        replaced(functions().at(node.type), "{alpha}",
                 alpha == node.attributes.end() ? "0" : float_text(std::get<double>(alpha->second)));
    const std::string from = place_of(node.inputs[0]);
    const std::string to = room_for(node.outputs[0]);
    loop(size_of(node.outputs[0]),
         fmt::format("const float x = ({})[i];\n    ({})[i] = {};", from, to, formula));
  }

  // A number, as many as there are, or as many as there are in the last dimensions.
  std::string operand(const std::string& name, int64_t count) {
    const int64_t size = is_constant(name) ? graph_.constants.at(name).numel() : size_of(name);
    if (count % size != 0) {
      throw unknown("with numbers of other sizes");
    }
    const std::string place = is_constant(name) ? constant(name) : place_of(name);
    return fmt::format("({})[{}]", place,
                       size == 1       ? "0"
                       : size == count ? "i"
                                       : fmt::format("i % {}", size));
  }

  void combine(const OperatorNode& node) {
    const int64_t count = size_of(node.outputs[0]);
    const std::string first = operand(node.inputs[0], count);
    const std::string second = operand(node.inputs[1], count);
    loop(count, fmt::format("({})[i] = {} {} {};", room_for(node.outputs[0]), first,
                            arithmetic().at(node.type), second));
  }

  // The one number that a list repeats.
  int64_t same(const OperatorNode& node, const char* name) const {
    const auto& all = std::get<std::vector<int64_t>>(node.attributes.at(name));
    if (std::ranges::count(all, all.front()) != std::ssize(all)) {
      throw unknown(fmt::format("{} with {} {}", node.type, name, fmt::join(all, ", ")));
    }
    return all.front();
  }

  std::string planes(const std::string& input, const std::string& output) const {
    return fmt::format("{}, {}, {}, {}, {}, {}", size_of(input, 1), size_of(input, 2), size_of(input, 3),
                       size_of(output, 1), size_of(output, 2), size_of(output, 3));
  }

  void convolve(const OperatorNode& node) {
    const torch::Tensor weight = graph_.constants.at(node.inputs[1]);
    if (same(node, "dilations") != 1 || std::get<int64_t>(node.attributes.at("group")) != 1) {
      throw unknown("convolutions with holes or groups");
    }
    const std::string& output = node.outputs[0];
    const std::string from = place_of(node.inputs[0]);
    call(node.type == "Conv" ? "convolve" : "convolve_back",
         fmt::format("{}, {}, {}, {}, {}, {}, {}, {}", from, room_for(output), weight_arguments(node, false),
                     planes(node.inputs[0], output), weight.size(2), weight.size(3), same(node, "strides"),
                     same(node, "pads")));
  }

  void pool(const OperatorNode& node) {
    const std::string& input = node.inputs[0];
    const std::string& output = node.outputs[0];
    const std::string from = place_of(input);
    call("largest",
         fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, {}, {}", from, room_for(output), size_of(input, 1),
                     size_of(input, 2), size_of(input, 3), size_of(output, 2), size_of(output, 3),
                     same(node, "kernel_shape"), same(node, "strides"), same(node, "pads")));
  }

  void enlarge(const OperatorNode& node) {
    const std::string& input = node.inputs[0];
    const std::string& output = node.outputs[0];
    const std::string from = place_of(input);
    call("enlarge",
         fmt::format("{}, {}, {}, {}, {}, {}, {}", from, room_for(output), size_of(input, 1),
                     size_of(input, 2), size_of(input, 3), size_of(output, 2), size_of(output, 3)));
  }

  void normalise(const OperatorNode& node) {
    const std::string& input = node.inputs[0];
    const std::string from = place_of(input);
    const int64_t channels = size_of(input, 1);
    call("normalise",
         fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, {}", from, room_for(node.outputs[0]),
                     constant(node.inputs[1]), constant(node.inputs[2]), constant(node.inputs[3]),
                     constant(node.inputs[4]), float_text(std::get<double>(node.attributes.at("epsilon"))),
                     channels, size_of(input) / channels));
  }

  int64_t whole(const std::string& name) const { return graph_.constants.at(name).item<int64_t>(); }

  void cut(const OperatorNode& node) {
    const std::string& input = node.inputs[0];
    const auto axis = static_cast<size_t>(whole(node.inputs[3]));
    const std::vector<int64_t>& sizes = graph_.shapes.at(input).of_one;
    if (node.inputs.size() > 4 && whole(node.inputs[4]) != 1) {
      throw unknown("every other number of some");
    }
    const auto product = [&](size_t first, size_t end) {
      int64_t numbers = 1;
      for (size_t i = first; i < end; ++i) {
        numbers *= sizes[i];
      }
      return numbers;
    };
    const std::string from = place_of(input);
    call("cut", fmt::format("{}, {}, {}, {}, {}, {}, {}", from, room_for(node.outputs[0]), product(0, axis),
                            sizes.at(axis), product(axis + 1, sizes.size()), whole(node.inputs[1]),
                            std::min(whole(node.inputs[2]), sizes.at(axis))));
  }

  // --- the file ---

  std::string verb() const {
    return graph_.name == "encoder" ? "encode" : graph_.name == "decoder" ? "decode" : "reconstruct";
  }

  std::string parameters() const {
    std::string text = fmt::format("const float *{}", graph_.input);
    for (const std::string& output : graph_.outputs) {
      text += fmt::format(", float *{}", output);
    }
    return text + ", float *arena";
  }

  std::string head() const {
    std::string text = fmt::format(
        "/* Written by autoencoder {} (export --format c). C99, needs math.h alone: cc -std=c99 -O2 -c "
        "FILE.\n"
        "   autoencoder_{} computes one example; `arena` is room that it may use, AUTOENCODER_ARENA "
        "numbers.\n"
        "   cc -DAUTOENCODER_MAIN FILE -lm makes a program that reads examples as text and prints what comes "
        "out. */\n"
        "#include <math.h>\n",
        program_version(), verb());
    text += is_int8_ ? "#include <stdint.h>\n\ntypedef int8_t weight;\n" : "\ntypedef float weight;\n";
    const auto size = [&](std::string name) {
      std::ranges::transform(name, name.begin(),
                             [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
      return name;
    };
    text += fmt::format("#define AUTOENCODER_{} {}\n", size(graph_.input), size_of(graph_.input));
    for (const std::string& output : graph_.outputs) {
      text += fmt::format("#define AUTOENCODER_{} {}\n", size(output), size_of(output));
    }
    return text + fmt::format("#define AUTOENCODER_ARENA {}\n\n", std::max<int64_t>(arena_, 1));
  }

  std::string used_kernels() const {
    std::string text;
    for (const Kernel& kernel : kernels()) {
      if (used_.contains(kernel.name)) {
        text += replaced(replaced(kernel.text, "@PARAMETER", is_int8_ ? ", const float *scale" : ""),
                         "@FACTOR", is_int8_ ? " * scale[o]" : "") +
                "\n";
      }
    }
    return text;
  }

  std::string function() const {
    std::string names = graph_.input;
    std::string arrays =
        fmt::format("  static float {}[{}], arena[AUTOENCODER_ARENA]", graph_.input, size_of(graph_.input));
    std::string prints;
    for (const std::string& output : graph_.outputs) {
      names += ", " + output;
      arrays += fmt::format(", {}[{}]", output, size_of(output));
      prints += fmt::format("    for (int i = 0; i < {}; ++i) {{\n      printf(\"%.9g \", {}[i]);\n    }}\n",
                            size_of(output), output);
    }
    return fmt::format(R"(void autoencoder_{0}({1}) {{
  (void)arena;
{2}}}

#ifdef AUTOENCODER_MAIN
#include <stdio.h>
int main(void) {{
{3};
  for (int read = 0; scanf("%f", &{4}[read]) == 1;) {{
    if (++read < {5}) {{
      continue;
    }}
    read = 0;
    autoencoder_{0}({6}, arena);
{7}    printf("\n");
  }}
  return 0;
}}
#endif
)",
                       verb(), parameters(), body_, arrays, graph_.input, size_of(graph_.input), names,
                       prints);
  }

  struct Room {
    int64_t start;
    int64_t size;
    size_t last_use;  // the node
  };

  const OperatorGraph& graph_;
  bool is_int8_;
  size_t position_ = 0;
  std::map<std::string, size_t> last_use_;
  std::map<std::string, std::string> places_;
  std::vector<Room> taken_;  // by start
  int64_t arena_ = 0;
  std::set<std::string> declared_;
  std::set<std::string> used_;
  std::string constants_;
  std::string body_;
};

}  // namespace

std::string c_source(const OperatorGraph& graph, CWeights weights) { return Writer(graph, weights).text(); }

OperatorGraph with_rounded_weights(OperatorGraph graph, CWeights weights) {
  if (weights == CWeights::kFloat) {
    return graph;
  }
  for (const OperatorNode& node : graph.nodes) {
    if (is_weighted(node)) {
      torch::Tensor& weight = graph.constants.at(node.inputs[1]);
      const RoundedWeight its = rounded(weight, output_axis(node));
      weight = its.numbers * its.scale;
    }
  }
  return graph;
}

ExportCheck export_c(Autoencoder& model, const std::filesystem::path& path, ExportPart part,
                     CWeights weights) {
  const CheckedGraph checked = checked_graph(model, path, part);
  const std::string text = c_source(checked.graph, weights);
  ExportCheck check = checked.check;
  if (weights == CWeights::kInt8) {
    const torch::NoGradGuard no_grad;
    const TracedMethod method = part == ExportPart::kDecoder ? traced_decode(model) : traced_encode(model);
    const torch::Tensor input = method.example(5);
    const torch::Tensor exact = evaluate(checked.graph, input).front();
    const torch::Tensor written = evaluate(with_rounded_weights(checked.graph, weights), input).front();
    check.largest_difference = (written - exact).abs().max().item<double>();
  }
  write_file(path, text);
  return check;
}

}  // namespace autoencoder
