// One dispatch over cells: a frame of rows and what is bound to each slot, laid out as
// shaders/cells.glsl wants it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/gl/op_recorders.h"

namespace heed::app {

using Defines = std::vector<std::pair<std::string, std::string>>;

// The cells that a dispatch goes through: `outers` matrices of `rows` x `cols`. The first row of
// the first matrix is row `row_begin` of its node.
struct Frame {
    int outers = 0;
    int rows = 0;
    int cols = 0;
    int row_begin = 0;

    double cells() const {
        return static_cast<double>(outers) * static_cast<double>(rows) * static_cast<double>(cols);
    }
    bool is_empty() const { return outers == 0 || rows == 0 || cols == 0; }
};
Frame frame_of(const Box& box);

// Where cell (o, r, c) of a frame lies: number first + o * outer + r * row + c * col of a buffer.
struct Strides {
    std::int64_t first = 0;
    std::int64_t outer = 0;
    std::int64_t row = 0;
    std::int64_t col = 0;
};
// Cells of a node's block from (outer, row, col) on.
Strides strides_from(const DeviceBlock& block, int outer, int row, int col = 0);

// The uniform block of shaders/cells.glsl.
struct CellParams {
    int rows = 0;
    int count = 0;
    int cols = 0;
    int chunk = 0;
    int chunks = 0;
    int lane_shift = 0;
    int outer_begin = 0;
    int row_begin = 0;
    struct Place {
        int first = 0;
        int outer = 0;
        int row = 0;
        int col = 0;
    };
    Place places[8];
    int begin = 0;
    int end = 0;
    int mask_offset = 0;
    int window = 0;
    int pairs = 0;
    int patch_width = 0;
    int patch_height = 0;
    int patch_columns = 0;
    int picture_width = 0;
    int picture_plane = 0;
    float factor = 0;
    float cap = 0;
    float epsilon = 0;
    float weight_offset = 0;
    int pad[2] = {};
};

class CellPass {
  public:
    // `defines` are all macros of the program.
    CellPass(Recorder& recorder, NodeId node, std::string file, Defines defines,
             const Frame& frame);

    // Each binds exactly the words from the first to the last cell of the frame. Throws TooLarge.
    void write(int slot, BufferRef buffer, const Strides& strides);
    void read(int slot, BufferRef buffer, const Strides& strides);
    // These bind `count` words from strides.first on, whatever the frame. Throws TooLarge.
    void write_words(int slot, BufferRef buffer, std::int64_t count, const Strides& strides);
    void read_words(int slot, BufferRef buffer, std::int64_t count, const Strides& strides);
    // The numbers of a weight that `view` shows; `strides` count from its first one. Throws
    // TooLarge.
    void read_weight(int slot, const DeviceOperand& operand, const WeightView& view,
                     const Strides& strides);

    CellParams& params() { return params_; }
    // Cells by themselves: columns of a row may be taken by several groups. `work` is that of a
    // cell. Throws TooLarge.
    void run_cells(double work = 1);
    // Rows, each by one group or a part of it. Throws TooLarge.
    void run_rows();

  private:
    std::int64_t span(const Strides& strides) const;
    void set_place(int slot, int first, const Strides& strides);
    void run(int lane_shift, int chunk, double work);

    Dispatch dispatch_;
    Frame frame_;
    CellParams params_;
};

// out = in, cell by cell of a frame; moves.comp.
void record_copy(Recorder& recorder, NodeId node, const Frame& frame, BufferRef to,
                 const Strides& to_strides, BufferRef from, const Strides& from_strides);

// The macro ACTIVATION of shaders/math.glsl.
const char* activation_macro(Activation activation);
// The macro MASK_RULE of shaders/stages.glsl.
const char* mask_macro(MaskRule rule);

// Calls record(begin, end) for [begin, end), or for halves of it where it is too large. Throws
// TooLarge where one alone is.
template <class Record>
void record_in_parts(int begin, int end, Record record) {
    try {
        record(begin, end);
        return;
    } catch (const TooLarge&) {
        if (end - begin < 2) throw;
    }
    const int middle = begin + (end - begin) / 2;
    record_in_parts(begin, middle, record);
    record_in_parts(middle, end, record);
}

}  // namespace heed::app
