// The table of an atlas as a picture: a row a head, a column a measure, coloured by weight.
#pragma once

#include "app/figure/figure.h"
#include "core/analysis/atlas.h"

namespace heed::app {

Figure draw_atlas(const Atlas& atlas);

}  // namespace heed::app
