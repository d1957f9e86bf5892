#include <opencv2/core/version.hpp>

#include "pictures/pictures.h"

namespace autoencoder {

bool pictures_available() { return true; }

std::string opencv_version() { return CV_VERSION; }

}  // namespace autoencoder
