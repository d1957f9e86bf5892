#include "models/kernels/onednn.h"

#include <array>
#include <dlfcn.h>
#include <map>
#include <memory>
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <tuple>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

// LibTorch has an oneDNN of another version inside, whose internals would take the place of this one's
// wherever LibTorch comes first among a program's libraries: it is loaded so that it finds its own before all
// others.
constexpr int kOwnFirst = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;

// Null where it is not installed.
void* library() {
  static void* const kLoaded = dlopen(fmt::format("libdnnl.so.{}", DNNL_VERSION_MAJOR).c_str(), kOwnFirst);
  return kLoaded;
}

// A function of the library, by its name; null without one.
struct Symbol {
  const char* name;

  template <typename Function>
  operator Function*() const {
    return library() == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(library(), name));
  }
};

struct OneDnn {
  decltype(&dnnl_version) version = Symbol{"dnnl_version"};
  decltype(&dnnl_sgemm) sgemm = Symbol{"dnnl_sgemm"};
  decltype(&dnnl_get_effective_cpu_isa) get_effective_cpu_isa = Symbol{"dnnl_get_effective_cpu_isa"};
  decltype(&dnnl_engine_create) engine_create = Symbol{"dnnl_engine_create"};
  decltype(&dnnl_stream_create) stream_create = Symbol{"dnnl_stream_create"};
  decltype(&dnnl_stream_destroy) stream_destroy = Symbol{"dnnl_stream_destroy"};
  decltype(&dnnl_memory_desc_init_by_strides) memory_desc_init_by_strides =
      Symbol{"dnnl_memory_desc_init_by_strides"};
  decltype(&dnnl_memory_create) memory_create = Symbol{"dnnl_memory_create"};
  decltype(&dnnl_memory_destroy) memory_destroy = Symbol{"dnnl_memory_destroy"};
  decltype(&dnnl_memory_set_data_handle) memory_set_data_handle = Symbol{"dnnl_memory_set_data_handle"};
  decltype(&dnnl_post_ops_create) post_ops_create = Symbol{"dnnl_post_ops_create"};
  decltype(&dnnl_post_ops_destroy) post_ops_destroy = Symbol{"dnnl_post_ops_destroy"};
  decltype(&dnnl_post_ops_append_sum) post_ops_append_sum = Symbol{"dnnl_post_ops_append_sum"};
  decltype(&dnnl_post_ops_append_eltwise) post_ops_append_eltwise = Symbol{"dnnl_post_ops_append_eltwise"};
  decltype(&dnnl_primitive_attr_create) primitive_attr_create = Symbol{"dnnl_primitive_attr_create"};
  decltype(&dnnl_primitive_attr_destroy) primitive_attr_destroy = Symbol{"dnnl_primitive_attr_destroy"};
  decltype(&dnnl_primitive_attr_set_post_ops) primitive_attr_set_post_ops =
      Symbol{"dnnl_primitive_attr_set_post_ops"};
  decltype(&dnnl_matmul_desc_init) matmul_desc_init = Symbol{"dnnl_matmul_desc_init"};
  decltype(&dnnl_primitive_desc_create) primitive_desc_create = Symbol{"dnnl_primitive_desc_create"};
  decltype(&dnnl_primitive_desc_destroy) primitive_desc_destroy = Symbol{"dnnl_primitive_desc_destroy"};
  decltype(&dnnl_primitive_create) primitive_create = Symbol{"dnnl_primitive_create"};
  decltype(&dnnl_primitive_destroy) primitive_destroy = Symbol{"dnnl_primitive_destroy"};
  decltype(&dnnl_primitive_execute) primitive_execute = Symbol{"dnnl_primitive_execute"};
};

const OneDnn& onednn() {
  static const OneDnn kLoaded;
  return kLoaded;
}

void check(dnnl_status_t status, const ProductSize& size) {
  if (status != dnnl_success) {
    throw Error(fmt::format(
        "oneDNN {} cannot compute a product of {} x {} and {} x {} (status {}); set "
        "AUTOENCODER_BLAS=mkl",
        onednn_version(), size.rows, size.inner, size.inner, size.columns, static_cast<int>(status)));
  }
}

// What oneDNN creates, with what destroys it.
template <typename Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, dnnl_status_t (*)(Handle)>;

template <typename Handle, typename Create>
Owned<Handle> created(dnnl_status_t (*destroy)(Handle), const ProductSize& size, Create create) {
  Handle handle = nullptr;
  check(create(&handle), size);
  return Owned<Handle>(handle, destroy);
}

dnnl_engine_t cpu() {
  static const dnnl_engine_t kEngine = [] {
    dnnl_engine_t engine = nullptr;
    check(onednn().engine_create(&engine, dnnl_cpu, 0), {});
    return engine;
  }();
  return kEngine;
}

// All of a product of bfloat16 but the numbers.
struct Bfloat16Form {
  ProductSize size;
  int64_t a_leading, b_leading, output_leading;
  bool is_a_transposed, is_b_transposed;
  bool is_float32, is_added, has_bias, is_rectified;
  int threads;

  auto key() const {
    return std::tie(size.rows, size.inner, size.columns, a_leading, b_leading, output_leading,
                    is_a_transposed, is_b_transposed, is_float32, is_added, has_bias, is_rectified, threads);
  }
  bool operator<(const Bfloat16Form& other) const { return key() < other.key(); }
};

dnnl_memory_desc_t matrix(const ProductSize& size, dnnl_data_type_t type, std::array<int64_t, 2> sides,
                          int64_t leading, bool is_transposed) {
  dnnl_memory_desc_t description = {};
  const std::array<int64_t, 2> strides = {is_transposed ? 1 : leading, is_transposed ? leading : 1};
  check(onednn().memory_desc_init_by_strides(&description, 2, sides.data(), type, strides.data()), size);
  return description;
}

// A product of one form, which oneDNN compiles code for: a thread keeps those that it met.
class Bfloat16Product {
 public:
  explicit Bfloat16Product(const Bfloat16Form& form)
      : size_(form.size), stream_(created(onednn().stream_destroy, size_, [](dnnl_stream_t* stream) {
          return onednn().stream_create(stream, cpu(), dnnl_stream_default_flags);
        })) {
    const auto& [rows, inner, columns] = size_;
    const auto a = matrix(size_, dnnl_bf16, {rows, inner}, form.a_leading, form.is_a_transposed);
    const auto b = matrix(size_, dnnl_bf16, {inner, columns}, form.b_leading, form.is_b_transposed);
    const auto bias = matrix(size_, dnnl_f32, {1, columns}, columns, /*is_transposed=*/false);
    const auto output = matrix(size_, form.is_float32 ? dnnl_f32 : dnnl_bf16, {rows, columns},
                               form.output_leading, /*is_transposed=*/false);
    primitive_ = compiled(form, a, b, bias, output);
    add_argument(DNNL_ARG_SRC, a);
    add_argument(DNNL_ARG_WEIGHTS, b);
    add_argument(DNNL_ARG_DST, output);
    if (form.has_bias) {
      add_argument(DNNL_ARG_BIAS, bias);
    }
  }

  void compute(const c10::BFloat16* a, const c10::BFloat16* b, const Bfloat16Output& output) {
    const std::array<const void*, 4> places = {a, b, output.numbers, output.bias};
    for (size_t i = 0; i < arguments_.size(); ++i) {
      check(onednn().memory_set_data_handle(arguments_[i].memory, const_cast<void*>(places[i])), size_);
    }
    check(onednn().primitive_execute(primitive_.get(), stream_.get(), static_cast<int>(arguments_.size()),
                                     arguments_.data()),
          size_);
  }

 private:
  using Primitive = Owned<dnnl_primitive_t>;

  Primitive compiled(const Bfloat16Form& form, const dnnl_memory_desc_t& a, const dnnl_memory_desc_t& b,
                     const dnnl_memory_desc_t& bias, const dnnl_memory_desc_t& output) const {
    dnnl_matmul_desc_t product = {};
    check(onednn().matmul_desc_init(&product, &a, &b, form.has_bias ? &bias : nullptr, &output), size_);
    const auto attributes =
        created(onednn().primitive_attr_destroy, size_,
                [](dnnl_primitive_attr_t* attribute) { return onednn().primitive_attr_create(attribute); });
    const auto afterwards = created(onednn().post_ops_destroy, size_, [](dnnl_post_ops_t* operations) {
      return onednn().post_ops_create(operations);
    });
    if (form.is_added) {
      check(onednn().post_ops_append_sum(afterwards.get(), 1), size_);
    }
    if (form.is_rectified) {
      check(onednn().post_ops_append_eltwise(afterwards.get(), 1, dnnl_eltwise_relu, 0, 0), size_);
    }
    check(onednn().primitive_attr_set_post_ops(attributes.get(), afterwards.get()), size_);
    const auto description =
        created(onednn().primitive_desc_destroy, size_, [&](dnnl_primitive_desc_t* described) {
          return onednn().primitive_desc_create(described, &product, attributes.get(), cpu(), nullptr);
        });
    return created(onednn().primitive_destroy, size_, [&](dnnl_primitive_t* primitive) {
      return onednn().primitive_create(primitive, description.get());
    });
  }

  void add_argument(int role, const dnnl_memory_desc_t& description) {
    memories_.push_back(created(onednn().memory_destroy, size_, [&](dnnl_memory_t* memory) {
      return onednn().memory_create(memory, &description, cpu(), DNNL_MEMORY_NONE);
    }));
    arguments_.push_back({role, memories_.back().get()});
  }

  ProductSize size_;
  Owned<dnnl_stream_t> stream_;
  Primitive primitive_ = {nullptr, nullptr};
  std::vector<Owned<dnnl_memory_t>> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;  // a, b, output, bias
};

// Of a call outside of parallel regions, where oneDNN divides the work, the product is another one.
Bfloat16Product& product_of(const Bfloat16Form& form) {
  constexpr size_t kMost = 512;  // of data whose sizes change from call to call
  thread_local std::map<Bfloat16Form, Bfloat16Product> known;
  if (known.size() == kMost && !known.contains(form)) {
    known.clear();
  }
  return known.try_emplace(form, form).first->second;
}

}  // namespace

bool has_onednn() { return onednn().sgemm != nullptr; }

std::string onednn_version() {
  if (!has_onednn()) {
    return "";
  }
  const dnnl_version_t* version = onednn().version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

bool onednn_has_bfloat16() {
  return has_onednn() &&
         (onednn().get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}

void onednn_product(const ProductSize& size, const Factor<float>& a, const Factor<float>& b, float kept,
                    float* output, int64_t leading) {
  const auto letter = [](const Factor<float>& factor) { return factor.is_transposed ? 'T' : 'N'; };
  check(onednn().sgemm(letter(a), letter(b), size.rows, size.columns, size.inner, /*alpha=*/1, a.numbers,
                       a.leading, b.numbers, b.leading, kept, output, leading),
        size);
}

void onednn_product(const ProductSize& size, const Factor<c10::BFloat16>& a, const Factor<c10::BFloat16>& b,
                    const Bfloat16Output& output) {
  const Bfloat16Form form = {.size = size,
                             .a_leading = a.leading,
                             .b_leading = b.leading,
                             .output_leading = output.leading,
                             .is_a_transposed = a.is_transposed,
                             .is_b_transposed = b.is_transposed,
                             .is_float32 = output.is_float32,
                             .is_added = output.is_added,
                             .has_bias = output.bias != nullptr,
                             .is_rectified = output.is_rectified,
                             .threads = omp_in_parallel() ? 1 : omp_get_max_threads()};
  product_of(form).compute(a.numbers, b.numbers, output);
}

}  // namespace autoencoder
