// Files of pictures -> one tensor.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <torch/types.h>

#include "pictures/picture_folder.h"

namespace autoencoder {

/// Pictures, read.
struct ReadPictures {
  torch::Tensor images;            ///< N x C x H x W, as picture_folder.h says
  std::vector<cv::Size> sizes;     ///< of each as it is in its file
  std::vector<std::string> notes;  ///< what might be a mistake
};

/// `paths`: at least one. Throws Error as read_picture_folder.
ReadPictures read_pictures(const std::vector<std::filesystem::path>& paths, const PictureFormat& format);

/// The masks of pictures of these sizes, scaled to `size` as they are: N x 1 x H x W, uint8, 255 where that
/// of the file is not 0; all 0 where its path is empty. Throws Error, naming the file, on one that is no
/// picture or of another size than its picture.
torch::Tensor read_masks(const std::vector<std::filesystem::path>& paths, const std::vector<cv::Size>& sizes,
                         cv::Size size, PictureFit fit);

}  // namespace autoencoder
