// What a model made of a request, in the format that its sender reads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/message.h"
#include "service/input.h"
#include "service/media.h"
#include "service/operations.h"
#include "service/served_model.h"

namespace autoencoder::service {

/// All that an answer is made of.
struct Output {
  std::shared_ptr<const ServedModel> served;
  std::vector<Part> parts;  ///< the first one is all that .npy, CSV and PNG have
  Input input;              ///< of which they were made: windows go back to its units
};

/// What the first part can be sent as: JSON first, PNG where it can be drawn.
std::vector<Media> media_for(const ServedModel& served, const std::string& operation, Content first);

/// JSON: {"model": name, part: values ...}, examples nested as their shape is, of tables as objects by
/// column; of scores "threshold" and "anomalies" too, where there is a detector, and "reasons" of rows. .npy:
/// N x ... float32. CSV: a row each. PNG: the picture, or several as a sheet, row by row; of scores the maps
/// over the pictures.
http::Response response_of(const Output& output, Media media);

}  // namespace autoencoder::service
