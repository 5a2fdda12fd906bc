#include "app/ui/icons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "app/ui/draw.h"

namespace heed::app {

namespace {

constexpr std::array kAll{
    Icon::kPlay,      Icon::kPause,       Icon::kStop,         Icon::kStepBack, Icon::kStepForward,
    Icon::kToStart,   Icon::kToEnd,       Icon::kBack,         Icon::kForward,  Icon::kChevronDown,
    Icon::kChevronUp, Icon::kChevronLeft, Icon::kChevronRight, Icon::kClose,    Icon::kCheck,
    Icon::kDot,       Icon::kMore,        Icon::kMaximise,     Icon::kRestore,  Icon::kSearch,
    Icon::kGear,      Icon::kMoon,        Icon::kSun,          Icon::kDisplay,  Icon::kSwap,
    Icon::kCopy,      Icon::kSave,        Icon::kOpen,         Icon::kPlus,     Icon::kMinus,
    Icon::kHelp,      Icon::kPin,         Icon::kEye,          Icon::kUndo,     Icon::kRedo,
    Icon::kReset,     Icon::kMenu,        Icon::kSplit,        Icon::kWarning,
};

constexpr float kGrid = 16;  // units on a side
constexpr float kPi = std::numbers::pi_v<float>;

// Draws in units of the grid, 0 to 16 on both sides.
class Pen {
  public:
    Pen(UiContext& ui, const Rect& rect, Colour colour) : ui_(ui), colour_(colour) {
        const float side = std::min(rect.w, rect.h);
        unit_ = side / kGrid;
        origin_ = {rect.centre().x - side / 2, rect.centre().y - side / 2};
        width_ = std::max(1.0F, 1.5F * unit_);
    }

    Point at(float x, float y) const { return {origin_.x + x * unit_, origin_.y + y * unit_}; }
    Rect area(float x, float y, float w, float h) const {
        return {origin_.x + x * unit_, origin_.y + y * unit_, w * unit_, h * unit_};
    }
    void line(float x0, float y0, float x1, float y1) {
        draw_line(ui_, at(x0, y0), at(x1, y1), colour_, width_);
    }
    void triangle(float x0, float y0, float x1, float y1, float x2, float y2) {
        draw_triangle(ui_, at(x0, y0), at(x1, y1), at(x2, y2), colour_);
    }
    void block(float x, float y, float w, float h, float radius = 0) {
        fill(ui_, area(x, y, w, h), colour_, radius * unit_);
    }
    void frame(float x, float y, float w, float h, float radius = 0) {
        outline(ui_, area(x, y, w, h), colour_, width_, radius * unit_);
    }
    void disc(float x, float y, float r) { block(x - r, y - r, 2 * r, 2 * r, r); }
    void ring(float x, float y, float r) { frame(x - r, y - r, 2 * r, 2 * r, r); }
    // From angle `a` to `b`, radians, 0 to the right, positive downwards.
    void arc(float x, float y, float r, float a, float b) {
        constexpr int kPieces = 16;
        for (int i = 0; i < kPieces; ++i) {
            const float s = a + (b - a) * static_cast<float>(i) / kPieces;
            const float t = a + (b - a) * static_cast<float>(i + 1) / kPieces;
            line(x + r * std::cos(s), y + r * std::sin(s), x + r * std::cos(t),
                 y + r * std::sin(t));
        }
    }

  private:
    UiContext& ui_;
    Colour colour_;
    Point origin_;
    float unit_ = 1;
    float width_ = 1;
};

// A head of an arrow at (x, y) that points along `angle`.
void draw_head(Pen& pen, float x, float y, float angle) {
    for (const float turn : {0.75F, -0.75F}) {
        const float back = angle + kPi + turn;
        pen.line(x, y, x + 4 * std::cos(back), y + 4 * std::sin(back));
    }
}

// The icons of playing and stepping. False for another.
bool draw_transport(Pen& pen, Icon icon) {
    switch (icon) {
        case Icon::kPlay:
            pen.triangle(4, 2.5F, 13.5F, 8, 4, 13.5F);
            return true;
        case Icon::kPause:
            pen.block(4, 3, 3, 10, 1);
            pen.block(9, 3, 3, 10, 1);
            return true;
        case Icon::kStop:
            pen.block(3.5F, 3.5F, 9, 9, 1.5F);
            return true;
        case Icon::kStepBack:
            pen.triangle(12, 3, 12, 13, 4, 8);
            return true;
        case Icon::kStepForward:
            pen.triangle(4, 3, 12, 8, 4, 13);
            return true;
        case Icon::kToStart:
            pen.block(3, 3, 2, 10, 0.5F);
            pen.triangle(13, 3, 13, 13, 5.5F, 8);
            return true;
        case Icon::kToEnd:
            pen.triangle(3, 3, 10.5F, 8, 3, 13);
            pen.block(11, 3, 2, 10, 0.5F);
            return true;
        default:
            return false;
    }
}

bool draw_arrow(Pen& pen, Icon icon) {
    switch (icon) {
        case Icon::kBack:
            pen.line(3, 8, 13, 8);
            draw_head(pen, 3, 8, kPi);
            return true;
        case Icon::kForward:
            pen.line(3, 8, 13, 8);
            draw_head(pen, 13, 8, 0);
            return true;
        case Icon::kChevronDown:
            pen.line(4, 6, 8, 10.5F);
            pen.line(8, 10.5F, 12, 6);
            return true;
        case Icon::kChevronUp:
            pen.line(4, 10, 8, 5.5F);
            pen.line(8, 5.5F, 12, 10);
            return true;
        case Icon::kChevronLeft:
            pen.line(10, 4, 5.5F, 8);
            pen.line(5.5F, 8, 10, 12);
            return true;
        case Icon::kChevronRight:
            pen.line(6, 4, 10.5F, 8);
            pen.line(10.5F, 8, 6, 12);
            return true;
        case Icon::kSwap:
            pen.line(3, 5.5F, 13, 5.5F);
            draw_head(pen, 13, 5.5F, 0);
            pen.line(3, 10.5F, 13, 10.5F);
            draw_head(pen, 3, 10.5F, kPi);
            return true;
        case Icon::kUndo:
            pen.arc(8, 9, 4.5F, -kPi * 0.8F, kPi * 0.6F);
            draw_head(pen, 3.6F, 6.5F, kPi * 0.62F);
            return true;
        case Icon::kRedo:
            pen.arc(8, 9, 4.5F, -kPi * 0.2F, -kPi * 1.6F);
            draw_head(pen, 12.4F, 6.5F, kPi * 0.38F);
            return true;
        case Icon::kReset:
            pen.arc(8, 8, 5, -kPi * 0.35F, kPi * 1.35F);
            draw_head(pen, 5.7F, 3.55F, -kPi * 0.15F);
            return true;
        default:
            return false;
    }
}

// Small signs: marks in menus, plus and minus, panels.
bool draw_sign(Pen& pen, Icon icon) {
    switch (icon) {
        case Icon::kClose:
            pen.line(4, 4, 12, 12);
            pen.line(12, 4, 4, 12);
            return true;
        case Icon::kCheck:
            pen.line(3, 8.5F, 6.5F, 12);
            pen.line(6.5F, 12, 13, 4.5F);
            return true;
        case Icon::kDot:
            pen.disc(8, 8, 2.6F);
            return true;
        case Icon::kMore:
            for (const float x : {3.5F, 8.0F, 12.5F}) pen.disc(x, 8, 1.2F);
            return true;
        case Icon::kPlus:
            pen.line(8, 3, 8, 13);
            pen.line(3, 8, 13, 8);
            return true;
        case Icon::kMinus:
            pen.line(3, 8, 13, 8);
            return true;
        case Icon::kMenu:
            for (const float y : {4.0F, 8.0F, 12.0F}) pen.line(3, y, 13, y);
            return true;
        case Icon::kMaximise:
            pen.line(9.5F, 6.5F, 13, 3);
            pen.line(9, 3, 13, 3);
            pen.line(13, 3, 13, 7);
            pen.line(6.5F, 9.5F, 3, 13);
            pen.line(3, 9, 3, 13);
            pen.line(3, 13, 7, 13);
            return true;
        case Icon::kRestore:
            pen.line(9, 7, 13, 3);
            pen.line(9, 3.5F, 9, 7);
            pen.line(9, 7, 12.5F, 7);
            pen.line(7, 9, 3, 13);
            pen.line(3.5F, 9, 7, 9);
            pen.line(7, 9, 7, 12.5F);
            return true;
        case Icon::kSplit:
            pen.frame(2, 3, 12, 10, 1.5F);
            pen.line(9.5F, 3, 9.5F, 13);
            return true;
        default:
            return false;
    }
}

void draw_sun(Pen& pen) {
    pen.disc(8, 8, 3);
    for (int i = 0; i < 8; ++i) {
        const float angle = kPi * static_cast<float>(i) / 4;
        pen.line(8 + 4.8F * std::cos(angle), 8 + 4.8F * std::sin(angle), 8 + 6.6F * std::cos(angle),
                 8 + 6.6F * std::sin(angle));
    }
}

// A crescent: the outer arc, and the inner one that bites into it.
void draw_moon(Pen& pen) {
    pen.arc(7.5F, 8.5F, 5.2F, kPi * 0.02F, kPi * 1.45F);
    pen.arc(10.9F, 5.2F, 4.2F, kPi * 0.38F, kPi * 1.12F);
}

void draw_gear(Pen& pen) {
    pen.ring(8, 8, 4.2F);
    for (int i = 0; i < 8; ++i) {
        const float angle = kPi * static_cast<float>(i) / 4;
        pen.line(8 + 4.2F * std::cos(angle), 8 + 4.2F * std::sin(angle), 8 + 6.4F * std::cos(angle),
                 8 + 6.4F * std::sin(angle));
    }
    pen.disc(8, 8, 1.4F);
}

void draw_eye(Pen& pen) {
    pen.arc(8, 13, 8, -kPi * 0.77F, -kPi * 0.23F);
    pen.arc(8, 3, 8, kPi * 0.23F, kPi * 0.77F);
    pen.disc(8, 8, 2);
}

void draw_thing(Pen& pen, Icon icon) {
    switch (icon) {
        case Icon::kSearch:
            pen.ring(7, 7, 4.4F);
            pen.line(10.2F, 10.2F, 13.5F, 13.5F);
            return;
        case Icon::kGear:
            return draw_gear(pen);
        case Icon::kMoon:
            return draw_moon(pen);
        case Icon::kSun:
            return draw_sun(pen);
        case Icon::kEye:
            return draw_eye(pen);
        case Icon::kDisplay:
            pen.frame(2, 3, 12, 8, 1.5F);
            pen.line(8, 11, 8, 13.5F);
            pen.line(5, 13.5F, 11, 13.5F);
            return;
        case Icon::kCopy:
            pen.frame(5.5F, 5.5F, 8, 8, 1.5F);
            pen.line(3, 10.5F, 3, 3);
            pen.line(3, 3, 10.5F, 3);
            return;
        case Icon::kSave:
            pen.line(8, 2.5F, 8, 9.5F);
            draw_head(pen, 8, 9.8F, kPi / 2);
            pen.line(3, 10.5F, 3, 13.2F);
            pen.line(3, 13.2F, 13, 13.2F);
            pen.line(13, 13.2F, 13, 10.5F);
            return;
        case Icon::kOpen:
            pen.line(2, 4, 6.5F, 4);
            pen.line(6.5F, 4, 8, 5.8F);
            pen.frame(2, 5.5F, 12, 8, 1);
            return;
        case Icon::kHelp:
            pen.ring(8, 8, 6);
            pen.arc(8, 6.6F, 2, -kPi, kPi * 0.35F);
            pen.line(8, 8.6F, 8, 9.8F);
            pen.disc(8, 11.7F, 0.9F);
            return;
        case Icon::kPin:
            pen.disc(8, 5.8F, 3.4F);
            pen.line(8, 9, 8, 14);
            return;
        case Icon::kWarning:
            pen.line(8, 2.5F, 14, 13);
            pen.line(14, 13, 2, 13);
            pen.line(2, 13, 8, 2.5F);
            pen.line(8, 6.5F, 8, 9.6F);
            pen.disc(8, 11.3F, 0.8F);
            return;
        default:
            return;
    }
}

}  // namespace

std::span<const Icon> all_icons() {
    return kAll;
}

void draw_icon(UiContext& ui, const Rect& rect, Icon icon, Colour colour) {
    Pen pen(ui, rect, colour);
    if (draw_transport(pen, icon) || draw_arrow(pen, icon) || draw_sign(pen, icon)) return;
    draw_thing(pen, icon);
}

}  // namespace heed::app
