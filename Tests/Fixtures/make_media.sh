#!/bin/sh
# Draws the pictures and clips of Tests/Fixtures/media; README.md beside this file says what they are.
# Needs imagemagick, ffmpeg, exiftool, heif-enc (libheif-examples), webpmux, img2webp (webp), cjxl
# (libjxl-tools).
set -eu
cd "$(dirname "$0")/media"
rm -f ./*

# The scene: red, green, blue, yellow quadrants.
magick=convert
$magick -size 32x24 xc:red xc:lime +append /tmp/top.$$.png
$magick -size 32x24 xc:blue xc:yellow +append /tmp/bottom.$$.png
scene=/tmp/scene.$$.png
$magick /tmp/top.$$.png /tmp/bottom.$$.png -append -depth 8 -strip "PNG24:$scene"
trap 'rm -f /tmp/*.$$.*' EXIT

# PNG
cp "$scene" rgb.png
$magick "$scene" -depth 16 PNG48:rgb16.png
$magick "$scene" PNG8:palette.png
$magick "$scene" -interlace PNG interlaced.png
$magick "$scene" -colorspace Gray -depth 8 -define png:color-type=0 grey.png
# The left half is see-through.
$magick "$scene" -alpha set -region 32x48+0+0 -alpha transparent +region PNG32:alpha.png

# JPEG
$magick "$scene" -quality 92 -sampling-factor 1x1 444.jpg
$magick "$scene" -quality 92 -sampling-factor 2x1 422.jpg
$magick "$scene" -quality 92 -sampling-factor 2x2 420.jpg
$magick "$scene" -quality 92 -interlace JPEG progressive.jpg
$magick "$scene" -colorspace Gray -quality 92 grey.jpg
$magick "$scene" -colorspace CMYK -quality 92 cmyk.jpg

# The other stills
$magick "$scene" -define webp:lossless=true lossless.webp
$magick "$scene" -quality 90 lossy.webp
$magick alpha.png -define webp:lossless=true alpha.webp
img2webp -loop 0 -d 100 "$scene" -d 100 grey.png -o animated.webp >/dev/null 2>&1
$magick "$scene" still.gif
$magick -delay 10 "$scene" grey.png animated.gif
$magick "$scene" BMP3:rgb.bmp
$magick "$scene" -compress LZW lzw.tiff
$magick "$scene" -compress Zip deflate.tiff
# What libav shows as black or not at all: tiles, planes, JPEG inside, offsets of eight bytes.
tiffcp -t -w 16 -l 16 lzw.tiff tiled.tiff
tiffcp -p separate lzw.tiff planar.tiff
tiffcp -8 lzw.tiff big.tiff
tiffcp -c jpeg:r:90 -r 16 lzw.tiff jpeg.tiff
heif-enc -q 90 -o rgb.heic "$scene" >/dev/null 2>&1
heif-enc -A -q 90 -o rgb.avif "$scene" >/dev/null 2>&1
cjxl rgb.png lossless.jxl -d 0 2>/dev/null
cjxl alpha.png alpha.jxl -d 0 2>/dev/null
# Pictures that lose much when they are cut: clouds.
clouds=/tmp/clouds.$$.png
$magick -size 64x48 -seed 15 plasma:grey50-grey50 -depth 8 -strip "PNG24:$clouds"
$magick "$clouds" -quality 95 cut-lossy.webp
$magick "$clouds" -define webp:lossless=true cut-lossless.webp
img2webp -loop 0 -d 100 "$clouds" -d 100 grey.png -o cut-animated.webp >/dev/null 2>&1
ffmpeg -v error -y -i rgb.png -c:v jpeg2000 -pred 1 -pix_fmt rgb24 rgb.jp2

# The scene stored in each of the eight ways, with the tag that undoes it.
turn() {
    case $1 in
        1) echo "-rotate 0" ;; 2) echo -flop ;; 3) echo "-rotate 180" ;; 4) echo -flip ;;
        5) echo -transpose ;; 6) echo "-rotate 270" ;; 7) echo -transverse ;; 8) echo "-rotate 90" ;;
    esac
}
for way in 1 2 3 4 5 6 7 8; do
    # shellcheck disable=SC2046 # two words on purpose
    $magick "$scene" $(turn $way) +repage "PNG24:orientation-$way.png"
    $magick "orientation-$way.png" -quality 92 -sampling-factor 1x1 "orientation-$way.jpg"
    exiftool -q -q -overwrite_original -n "-Orientation=$way" "orientation-$way.png" "orientation-$way.jpg"
done
$magick "$scene" -rotate 270 +repage -define webp:lossless=true orientation-6.webp
$magick "$scene" -rotate 270 +repage orientation-6.tiff
exiftool -q -overwrite_original -n -Orientation=6 orientation-6.webp orientation-6.tiff
cjxl orientation-6.jpg orientation-6.jxl -d 1 --lossless_jpeg=0 2>/dev/null

# One picture with everything a camera writes, and the same picture edited by a metadata editor.
cp 420.jpg camera.jpg
exiftool -q -overwrite_original -DateTimeOriginal="2024:07:26 18:03:11" -OffsetTimeOriginal="+02:00" \
    -Make=Canon -Model="Canon EOS R6" -GPSLatitude=52.52 -GPSLatitudeRef=N \
    -GPSLongitude=13.405 -GPSLongitudeRef=E camera.jpg
for name in 420.jpg rgb.png; do
    exiftool -q -o "edited-$name" -EXIF:Make=Canon -EXIF:Model="Canon EOS R6" -XMP:Title="A title" \
        "$name"
done
exiftool -q -o "/tmp/title.$$.xmp" -XMP:Title="A title"
webpmux -set xmp "/tmp/title.$$.xmp" lossless.webp -o edited-lossless.webp 2>/dev/null
# One pixel of it painted over.
$magick "$scene" -fill black -draw "point 5,5" -strip PNG24:painted.png

# Clips: one second of red, of green, of blue.
colours="color=red:s=64x48:r=10:d=1[a];color=lime:s=64x48:r=10:d=1[b];color=blue:s=64x48:r=10:d=1[c];[a][b][c]concat=n=3:v=1"
clip() { ffmpeg -v error -y -f lavfi -i "$colours" -pix_fmt yuv420p -bitexact "$@"; }
clip -c:v libx264 -g 10 h264.mp4
clip -c:v libx264 -g 100 one-keyframe.mp4
clip -c:v mpeg4 mpeg4.avi
clip -c:v mjpeg -pix_fmt yuvj420p mjpeg.avi
clip -c:v libvpx-vp9 vp9.webm
clip -c:v libx264 -g 10 h264.mkv
clip -c:v libx265 -x265-params log-level=none hevc.mp4
clip -c:v libx264 -vf setsar=2 anamorphic.mp4
clip -c:v libx264 -vf "select='not(n)+eq(n,25)'" -vsync vfr variable.mp4
ffmpeg -v error -y -i h264.mp4 -c copy -bitexact -movflags +faststart faststart.mp4
# The scene lying on its side, with the matrix that turns it upright.
ffmpeg -v error -y -loop 1 -i orientation-6.png -t 1 -r 10 -pix_fmt yuv420p -c:v libx264 -bitexact \
    /tmp/lying.$$.mp4
ffmpeg -v error -y -i /tmp/lying.$$.mp4 -c copy -bitexact -metadata:s:v rotate=270 rotated.mov
ffmpeg -v error -y -f lavfi -i sine=duration=1 -c:a aac -b:a 16k -bitexact sound.m4a
ffmpeg -v error -y -i sound.m4a -i 420.jpg -map 0 -map 1 -c copy -disposition:v:0 attached_pic \
    -bitexact cover.m4a
cp h264.mp4 telephone.mov
exiftool -q -overwrite_original -api QuickTimeUTC=1 -Keys:CreationDate="2024:07:26 18:03:11+02:00" \
    -Keys:Make=Apple -Keys:Model="iPhone 15" -Keys:GPSCoordinates="52.52, 13.405, 34" telephone.mov

# The same clip as other programs and machines wrote it. In program streams small packets stand for the
# large pictures of real ones: each has a time of its own.
clip -c:v libx264 -g 10 -mpegts_m2ts_mode 1 camcorder.m2ts
clip -c:v wmv2 windows.wmv
clip -c:v flv sorenson.flv
clip -c:v libtheora theora.ogv
clip -c:v h263 -vf scale=176:144 telephone.3gp
clip -c:v mpeg4 -bf 2 -vtag XVID xvid.avi
clip -c:v libx264 -bf 2 -g 10 h264.avi
clip -c:v libx264 -g 10 -movflags frag_keyframe+empty_moov fragmented.mp4
# Half a second of it lies before the beginning.
clip -c:v libx264 -g 10 -bf 2 -avoid_negative_ts disabled -output_ts_offset -0.5 negative.mp4
film=$(echo "$colours" | sed 's/r=10/r=25/g')
film() { ffmpeg -v error -y -f lavfi -i "$film" -pix_fmt yuv420p -bitexact "$@"; }
film -c:v mpeg2video -g 12 -bf 2 -packetsize 100 dvd.vob
film -c:v mpeg1video -g 12 -packetsize 100 video-cd.mpg
film -c:v mpeg2video -bf 2 mpeg2.avi
film -c:v mpeg2video professional.mxf
# One frame: they are large.
ffmpeg -v error -y -f lavfi -i color=red:s=720x576:r=25 -frames:v 1 -pix_fmt yuv420p -c:v dvvideo \
    -bitexact cassette.dv

# Colours of several kinds. Four muted ones, #c8503c #46a05a #3c5ab4 #dcc878 in sRGB, as the numbers that
# stand for them elsewhere, white being 203 nits in PQ and HLG (ColourFixtureTests has the formulas).
quadrants() {
    $magick -depth 16 \( "xc:$1" "xc:$2" +append \) \( "xc:$3" "xc:$4" +append \) -append \
        -filter point -resize 64x48\! -depth 16 -set colorspace sRGB -strip "PNG48:/tmp/$5.$$.png"
}
quadrants '#7c2a5eb04fb2' '#663877d16076' '#57525c3c7de7' '#892686686f21' pq
quadrants '#9d7f58ce3ebe' '#654a8feb5962' '#4e1a575ca56f' '#ae58a8c972b8' hlg
quadrants '#a87f5f4643c9' '#6f519bcb62e8' '#51135a63adca' '#d33dc9928487' bt2020
quadrants '#ba6e57f843ad' '#5eb69e9d6166' '#42c5598baec5' '#d979c97d8300' p3
quadrants '#c8c850503c3c' '#4646a0a05a5a' '#3c3c5a5ab4b4' '#dcdcc8c87878' muted
cp /tmp/pq.$$.png pq16.png
# coded NAME MATRIX RANGE PRIMARIES TRANSFER PIXELS OPTIONS... FILE
coded() {
    name=$1 matrix=$2 range=$3 primaries=$4 transfer=$5 pixels=$6
    shift 6
    ffmpeg -v error -y -loop 1 -i "/tmp/$name.$$.png" -frames:v 2 -r 2 \
        -vf "scale=out_color_matrix=$matrix:out_range=$range:flags=accurate_rnd+full_chroma_int,format=$pixels" \
        -colorspace "$matrix" -color_range "$range" -color_primaries "$primaries" -color_trc "$transfer" \
        -bitexact "$@"
}
x265="-c:v libx265 -x265-params log-level=none:qp=12 -tag:v hvc1"
# shellcheck disable=SC2086 # several words on purpose
{
    coded pq bt2020nc tv bt2020 smpte2084 yuv420p10le $x265 pq.mp4
    coded hlg bt2020nc tv bt2020 arib-std-b67 yuv420p10le $x265 hlg.mp4
    coded bt2020 bt2020nc tv bt2020 bt2020-10 yuv420p10le $x265 bt2020.mp4
}
coded p3 bt709 tv smpte432 bt709 yuv420p -c:v libx264 -qp 8 p3.mp4
coded muted smpte170m pc smpte170m smpte170m yuv420p -c:v libx264 -qp 8 bt601-full.mp4
coded muted bt709 tv bt709 bt709 yuv420p -c:v libx264 -qp 8 bt709.mp4
coded pq bt2020nc tv bt2020 smpte2084 yuv444p10le -frames:v 1 -c:v libaom-av1 -crf 10 -still-picture 1 pq.avif
coded hlg bt2020nc tv bt2020 arib-std-b67 yuv444p10le -frames:v 1 -c:v libaom-av1 -crf 10 -still-picture 1 hlg.avif
coded p3 bt709 pc smpte432 iec61966-2-1 yuv444p -frames:v 1 -c:v libaom-av1 -crf 10 -still-picture 1 p3.avif
# Grey from black to white in the range of television: 0, 255, 128 and 64 of 255.
for bits in 8 10; do
    one=$((1 << (bits - 8)))
    pixels=gray
    test $bits = 8 || pixels=gray10
    ffmpeg -v error -y -f lavfi -i "nullsrc=s=64x48,format=$pixels,geq=lum='$one*if(lt(Y,24),if(lt(X,32),16,235),if(lt(X,32),126,71))'" \
        -frames:v 1 -color_range tv -c:v libaom-av1 -crf 4 -still-picture 1 -bitexact "grey-limited-$bits.avif"
done

# A fractal, with so much in it that it shows where a decoder lost its way; a key frame each second.
fractal="mandelbrot=s=192x144:r=2:start_scale=0.3"
ffmpeg -v error -y -f lavfi -i "$fractal" -t 2 -pix_fmt yuv420p -c:v libvpx -b:v 250k -g 2 -auto-alt-ref 0 \
    -bitexact fractal.webm
ffmpeg -v error -y -f lavfi -i "$fractal" -t 2 -pix_fmt yuv420p -c:v libx265 \
    -x265-params log-level=none:keyint=2:min-keyint=2:bframes=0:qp=32 -tag:v hvc1 -bitexact fractal.mp4

# What is no picture
printf 'Dear diary, this is no picture.\n' > text.jpg
cp rgb.png mislabelled.jpg
