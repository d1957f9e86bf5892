#include "models/patches.h"

#include <algorithm>

#include <ATen/Parallel.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

// The pixels of a row of an image that a row of the kernel covers.
struct Span {
  int64_t before;  // pixels of the kernel's row left of the image
  int64_t inside;  // pixels within it; 0 where the kernel's row is above or below the image
  int64_t first;   // the first of them, counted from the image's first number
};

Span span_of(const PatchPlan& plan, int64_t top, int64_t left, int64_t kernel_row) {
  const int64_t y = top + kernel_row;
  if (y < 0 || y >= plan.height) {
    return {plan.kernel, 0, 0};
  }
  const int64_t before = std::max<int64_t>(0, -left);
  const int64_t inside = std::min(plan.kernel, plan.width - left) - before;
  return {before, inside, (y * plan.width + left + before) * plan.channels};
}

// The places in a row of them at which the kernel is wholly within the image's width.
struct WholePlaces {
  int64_t begin, end;
};

WholePlaces whole_places(const PatchPlan& plan) {
  const int64_t begin = std::min(plan.columns, (plan.padding + plan.stride - 1) / plan.stride);
  const int64_t room = plan.width + plan.padding - plan.kernel;
  const int64_t end = room < 0 ? 0 : std::min(plan.columns, room / plan.stride + 1);
  return {begin, std::max(begin, end)};
}

// Calls visit(patch's row, span) for each row of each patch of an image; patches are counted from its first.
// Most spans are the whole of the kernel's row, and have a call of their own: they are short, and finding
// them would take longer than copying them. All is inlined, for the processor that the caller is compiled
// for.
template <typename Visit>
[[gnu::always_inline]] inline void for_each_span(const PatchPlan& plan, Visit visit) {
  const int64_t row_size = plan.kernel * plan.channels;
  const WholePlaces whole = whole_places(plan);
  for (int64_t row = 0; row < plan.rows; ++row) {
    const int64_t top = row * plan.stride - plan.padding;
    for (int64_t kernel_row = 0; kernel_row < plan.kernel; ++kernel_row) {
      const int64_t y = top + kernel_row;
      const bool is_inside = y >= 0 && y < plan.height;
      int64_t start = (row * plan.columns * plan.kernel + kernel_row) * row_size;
      for (int64_t column = 0; column < plan.columns; ++column) {
        const int64_t left = column * plan.stride - plan.padding;
        if (is_inside && column >= whole.begin && column < whole.end) {
          visit(start, Span{0, plan.kernel, (y * plan.width + left) * plan.channels});
        } else {
          visit(start, span_of(plan, top, left, kernel_row));
        }
        start += plan.kernel * row_size;
      }
    }
  }
}

AUTOENCODER_VECTORISED
void gather_image(const PatchPlan& plan, const float* image, float* patches) {
  const int64_t row_size = plan.kernel * plan.channels;
  for_each_span(plan, [&](int64_t start, const Span& span) {
    float* to = patches + start;
    const int64_t before = span.before * plan.channels;
    const int64_t end = before + span.inside * plan.channels;
    const float* from = image + span.first - before;
    for (int64_t i = 0; i < before; ++i) {
      to[i] = 0;
    }
#pragma omp simd
    for (int64_t i = before; i < end; ++i) {
      to[i] = from[i];
    }
    for (int64_t i = end; i < row_size; ++i) {
      to[i] = 0;
    }
  });
}

AUTOENCODER_VECTORISED
void scatter_image(const PatchPlan& plan, const float* patches, float* image) {
  for_each_span(plan, [&](int64_t start, const Span& span) {
    const float* from = patches + start + span.before * plan.channels;
    float* to = image + span.first;
    const int64_t count = span.inside * plan.channels;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      to[i] += from[i];
    }
  });
}

}  // namespace

void gather_patches(const PatchPlan& plan, const float* images, int64_t count, float* patches) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      gather_image(plan, images + i * plan.image_size(), patches + i * plan.places() * plan.patch_size());
    }
  });
}

void scatter_patches(const PatchPlan& plan, const float* patches, int64_t count, float* images) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      scatter_image(plan, patches + i * plan.places() * plan.patch_size(), images + i * plan.image_size());
    }
  });
}

}  // namespace autoencoder
