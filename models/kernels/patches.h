// Patches of images as rows of a matrix and back: what makes a convolution a matrix product (Chellapilla,
// Puri & Simard 2006). Images lie in memory as N x H x W x C.
#pragma once

#include <cstdint>

#include <c10/util/BFloat16.h>

namespace autoencoder {

/// Where a square kernel is laid on images of one size.
struct PatchPlan {
  int64_t channels, height, width;  ///< of an image
  int64_t kernel, stride, padding;
  int64_t rows, columns;  ///< places of the kernel down and across

  int64_t image_size() const { return channels * height * width; }
  int64_t patch_size() const { return channels * kernel * kernel; }
  int64_t places() const { return rows * columns; }

  /// Whether patches are the columns of a matrix in memory, not its rows: of one channel a row of the kernel
  /// is a few numbers, while next to one another a number of the kernel takes whole rows of the image.
  bool lies_in_columns() const { return channels == 1 && stride == 1; }
};

/// patches: count * places x kernel * kernel * C, or the transpose where the plan lies_in_columns; 0 where
/// the kernel stands over the edge.
void gather_patches(const PatchPlan& plan, const float* images, int64_t count, float* patches);
void gather_patches(const PatchPlan& plan, const c10::BFloat16* images, int64_t count,
                    c10::BFloat16* patches);

/// The transpose of that: adds each patch to the pixels that it was taken from.
void scatter_patches(const PatchPlan& plan, const float* patches, int64_t count, float* images);
void scatter_patches(const PatchPlan& plan, const c10::BFloat16* patches, int64_t count, float* images);

}  // namespace autoencoder
